/** What the bench office says by phone, where the unit has no network. */
import { readFileSync } from 'node:fs';
import { SimError, words } from '../../cli/texts';
import type { Bench } from '../bench';
import { challengeOn, type Challenge } from '../../people/glass';
import { documentCode, type CodeTerms, type Codes } from '../codes';
import { wholeIn, type Command } from './command';
import { personOf } from './hands';

/** Where no document is named. */
const NO_DOCUMENT = '00000000';

function codesOf(bench: Bench): Codes {
  if (bench.office === undefined) throw new SimError('NO_OFFICE');
  return bench.office.codes;
}

/** What stands on the display, as the person reads it out. @throws SimError NO_CHALLENGE */
function readOut(bench: Bench): Challenge {
  const read = challengeOn(bench.glass);
  if (read === undefined) throw new SimError('NO_CHALLENGE');
  return read;
}

interface Asked extends CodeTerms {
  document: string;
  heard: string[];
}

function asked(bench: Bench, given: string[]): Asked {
  let who: number | undefined;
  const terms = { count: 1, die: bench.die.rom, document: NO_DOCUMENT, heard: [] as string[] };
  for (const one of given) {
    const [, field, value] = /^([^=＝]*)[=＝](.*)$/s.exec(one) ?? [undefined, one, undefined];
    if (value === undefined && /^\d{8}$|^\d{4}-\d\d$/.test(one)) terms.heard.push(one);
    else if (value === undefined) who = personOf(bench, one).person;
    else if (['count', '次数'].includes(field)) terms.count = wholeIn(value, 1, 9);
    else if (['die', '印章'].includes(field) && bench.dieOf(value) !== undefined) terms.die = bench.dieOf(value)!;
    else if (['document', '文件'].includes(field)) terms.document = /^\d{8}$/.test(value) ? value : documentCode(file(value));
    else throw new SimError('USAGE');
  }
  return { person: who ?? personOf(bench, '').person, ...terms };
}

function file(name: string): Buffer {
  try {
    return readFileSync(name);
  } catch (error) {
    throw new SimError('PAGE_FILE_MISSING', `${name} ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
}

function answer(bench: Bench, given: string[]): void {
  const { heard, document, ...terms } = asked(bench, given);
  const [challenge, name] = heard;
  if (heard.length === 1 || (name !== undefined && (challenge!.length !== 8 || name.length !== 7))) throw new SimError('USAGE');
  const code = codesOf(bench).answer(terms, document, challenge === undefined ? readOut(bench) : { challenge, number: name!.slice(0, 4), check: name!.slice(5) });
  bench.tell('answer', words(`办公室在电话里答复：${code}`, `The office answers by phone: ${code}`), { code, person: terms.person, count: terms.count });
}

function trip(bench: Bench, given: string[]): void {
  const { heard, document, ...terms } = asked(bench, given);
  if (heard.length > 0 || document !== NO_DOCUMENT) throw new SimError('USAGE');
  const code = codesOf(bench).trip(terms);
  bench.tell('trip', words(`办公室发给外出码：${code.replace(/....(?=.)/g, '$& ')}`, `The office gives a trip code: ${code.replace(/....(?=.)/g, '$& ')}`), { code, person: terms.person, count: terms.count });
}

export const PHONE: readonly Command[] = [
  { names: ['answer', '应答'], group: 'office', form: words('[询问码 编号] 姓名 [次数=N] [文件=文件码|文件] [印章=编号]', '[CHALLENGE NUMBER] NAME [count=N] [document=CODE|FILE] [die=DIE]'), help: words('没有网络：电话答复设备显示的询问码（B 键）', 'without a network: answer by phone the challenge that the unit shows (key B)'),
    more: words('不写询问码和编号时，由现场的人照显示屏念出。答复由“按键 @#”输入：@ 代表办公室最近说的码。缺省 1 次，文件码 00000000。', 'Without a challenge, it is read out as it stands on the display. "type @#" types the answer: @ is the code that the office said last. One stroke and document code 00000000 where nothing else is said.'), most: 6, follows: 'people', options: [['count=', '次数='], ['document=', '文件='], ['die=', '印章=']], run: (bench, given) => answer(bench, given) },
  { names: ['trip', '外出码'], group: 'office', form: words('姓名 [次数=N] [印章=编号]', 'NAME [count=N] [die=DIE]'), help: words('没有网络：事先发给的外出码（C 键输入）', 'without a network: a trip code, given in advance (typed behind key C)'),
    more: words('用“按键 @#”输入。用过一个，此前发的都作废；断电即失效。', '"type @#" types it. Once one was used, those given before are void; what it opened ends with the power.'), most: 3, follows: 'people', options: [['count=', '次数='], ['die=', '印章=']], run: (bench, given) => trip(bench, given) },
];
