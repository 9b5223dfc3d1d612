/**
 * What a bare unit is sent, line by line as its interpreter takes it: firmware and files first, then keys and identity, and last the
 * boot file, which closes the console from the next start on. A unit whose installing broke off starts nothing.
 */
import { BOOT_CODE, BOOT_FILE, fileSize, JOURNAL, PAGE, PHOTOS, SLOT_A, SLOT_B, SLOT_OFFSETS, STATE, VAULT, VAULT_ADDRESS } from '../../firmware/board/files';
import { VAULT_MAGIC } from '../../firmware/core/provision';
import { nodeNatives } from '../../host-bridge/natives';

export type BoardName = 'xiao' | 'linux';

/** What the unit prints when all is in its place; the tool's own exit code says nothing about that. */
export const DONE = 'smartseal: done';
/** What it prints when it is there at all: not as it was sent, so that no echo is taken for an answer. */
export const HERE = 'smartseal: here 42';

/** Files of a unit that is flashed, without the boot file; on the bench unit the vault is one as well. */
const FILES = { xiao: [SLOT_A, SLOT_B, STATE, JOURNAL, PHOTOS], linux: [SLOT_A, SLOT_B, STATE, JOURNAL, PHOTOS, VAULT] } as const;

/** Bytes that one line writes. */
const LINE = 512;
const ERASED = 'ÿ';
const BEGIN = 'var S=require("Storage"),F=require("Flash");';

/** How many files there are when a unit is flashed, and when it is provisioned too. */
export function filesOf(board: BoardName): { flashed: number; provisioned: number } {
  const { length } = FILES[board];
  return { flashed: length, provisioned: length + 1 };
}

/** `a`: where the vault lies. On a bench unit the first whole page of its file is looked for. */
function vaultAt(board: BoardName): string {
  if (board === 'xiao') return `var a=${VAULT_ADDRESS};`;
  return `for(var a=0x60000000,h,i=0;i<16&&(h=F.read(32,a),E.toString(h).substr(4).split("\\0")[0]!=${JSON.stringify(VAULT.name)});i++)` +
    'a+=((h[0]|h[1]<<8|h[2]<<16)+35)&~3;a=(a+32+4095)&-4096;';
}

const write = (name: string, ...given: (string | number)[]): string => `S.write(${[name, ...given].map((one) => JSON.stringify(one)).join(',')});`;
const base64 = (bytes: string): string => `atob(${JSON.stringify(Buffer.from(bytes, 'latin1').toString('base64'))})`;
const KEYED = `E.toString(F.read(4,a))==${JSON.stringify(VAULT_MAGIC)}`;
const LOCK = write(BOOT_FILE, BOOT_CODE);
const SAY = `print(${JSON.stringify(DONE)}+" "+S.list().length);`;

/** Says that the unit is there, how many of its files are, and whether it may have run as somebody: 1, where it has keys and a boot file, whole. */
export function askScript(board: BoardName): string {
  const names = JSON.stringify(FILES[board].map(({ name }) => name));
  return `(function(){${BEGIN}var L=S.list(),n=${names}.filter(function(f){return L.indexOf(f)>=0}).length,k=0,b=S.read(${JSON.stringify(BOOT_FILE)});` +
    `if(n==${FILES[board].length}&&b&&E.CRC32(b)==${nodeNatives.crc32(BOOT_CODE)}){${vaultAt(board)}k=${KEYED}?1:0}print("smartseal: here "+6*7+" "+n+" "+k)})()`;
}

/** What askScript made the unit say; undefined: nothing. */
export function heard(out: string): { files: number; keyed: boolean } | undefined {
  const found = new RegExp(`${HERE} (\\d+) ([01])`).exec(out);
  return found === null ? undefined : { files: Number(found[1]), keyed: found[2] === '1' };
}

/** Bytes go as base64, which the tool sends unharmed; each line is done with before the next, so that the unit never holds the whole. */
function files(slot: string, board: BoardName): string[] {
  const make = ({ name, pages }: (typeof FILES)['linux'][number]): string => write(name, '', 0, fileSize({ name, pages }));
  const lines = [BEGIN, make(SLOT_A)];
  for (let at = 0; at < slot.length; at += LINE) {
    const piece = slot.slice(at, at + LINE);
    // What is erased already is left so: marks are written there later.
    const used = piece.replace(new RegExp(`${ERASED}+$`), '');
    if (used !== '') lines.push(`S.write(${JSON.stringify(SLOT_A.name)},${base64(used)},${SLOT_OFFSETS[0]! + at});`);
  }
  const [, ...others] = FILES[board];
  return [...lines, ...others.map(make)];
}

/** The unit itself compares what stands there with what was meant: nothing of the keys comes back over the line. */
function keys(vault: Buffer, board: BoardName): string[] {
  const bytes = vault.toString('latin1');
  return [
    vaultAt(board),
    `F.erasePage(a);F.erasePage(a+${PAGE});F.write(${base64(bytes)},a);`,
    `if(E.CRC32(F.read(${vault.length},a))==${nodeNatives.crc32(bytes)})${LOCK}`,
  ];
}

/**
 * Puts the files on a unit whose Storage is erased, and keys with them where they are given. Without, a unit that has keys is locked
 * again, and one that has none waits for provisionScript with its console open.
 * @param slot content of the first slot (slotImage)
 */
export function installScript(slot: string, vault: Buffer | undefined, board: BoardName = 'xiao'): string {
  const last = vault === undefined ? [vaultAt(board), `if(${KEYED})${LOCK}`] : keys(vault, board);
  return [...files(slot, board), ...last, SAY].join('\n');
}

/** Gives a unit that is flashed its keys and identity, and closes its console. */
export function provisionScript(vault: Buffer, board: BoardName = 'xiao'): string {
  return [BEGIN, ...keys(vault, board), SAY].join('\n');
}

/** What the tool says may quote what was sent: nothing that could be a key is passed on. */
export function withoutKeys(text: string): string {
  return text.replace(/[A-Za-z0-9+/]{24,}={0,2}/g, '…');
}
