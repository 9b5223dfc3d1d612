/**
 * The files of a unit's Storage area, made once at provisioning in this order and never created, replaced or deleted
 * afterwards (a power cut during Storage's compaction would lose everything). The regions are used as raw NOR flash: the
 * whole pages inside the file, so a file has one page more than its region.
 */
export interface RegionFile {
  name: string;
  /** Usable whole pages; the file has one more (fileSize). */
  pages: number;
}

export const PAGE = 4096;
/** Two images of the firmware: one runs, the next one is written into the other. First a page of marks, then the image. */
export const SLOT_A: RegionFile = { name: 'seal.a', pages: 49 };
export const SLOT_B: RegionFile = { name: 'seal.b', pages: 49 };
export const STATE: RegionFile = { name: 'state', pages: 8 };
export const JOURNAL: RegionFile = { name: 'journal', pages: 64 };
export const PHOTOS: RegionFile = { name: 'photos', pages: 320 };
/** Only on boards whose internal flash is out of reach (Linux). */
export const VAULT: RegionFile = { name: 'vault', pages: 2 };
/** Where the vault lies in the internal flash of the nRF52840 (HARDWARE.md says why there). */
export const VAULT_ADDRESS = 0xf0000;

/** Bytes of a region's file. */
export function fileSize(file: RegionFile): number {
  return (file.pages + 1) * PAGE;
}

/** Where a slot's pages begin within its file: the slots are the first two files, each with a header of 32 bytes. */
export const SLOT_OFFSETS = [PAGE - 32, PAGE - 64];

/** Marks of a slot, on its first page. All are written once into erased flash; the boot code alone writes TRIES. */
export const enum Mark {
  /** The line that the boot code reads: magic, version, offset and length of the code, its CRC-32 (4 each), name of the image 32, key 32. */
  LINE = 0,
  /** CRC-32 of the line. */
  SUM = 84,
  /** GOOD: verified, to be run. */
  CHOSEN = 96,
  /** FINE: has passed its self-test. */
  PASSED = 100,
  /** Anything but erased: was rolled back. */
  DEAD = 104,
  /** Words zeroed one at each start that is a trial. */
  TRIES = 108,
  /** Behind the last of these. */
  END = 120,
  /** What is being received: magic 4, version 4, size 4, name of the image 32, CRC-32. */
  COMING = 256,
}

export const LINE_MAGIC = 'SU01';
export const GOOD = 'GOOD';
export const FINE = 'FINE';

export const BOOT_FILE = '.bootcde';
/**
 * Never changes in the field. Takes the console away and starts the watchdog (whose 10 s end an image that hangs), then runs
 * the newest image that is chosen, whole, and either passed or with tries left; SLOT tells the image which one it is.
 */
export const BOOT_CODE = `E.setConsole(null,{force:true});E.enableWatchdog(10,false);
function u(s,i){return s.charCodeAt(i)+s.charCodeAt(i+1)*256+s.charCodeAt(i+2)*65536+s.charCodeAt(i+3)*16777216}
function boot(){
var S=require("Storage"),N=["${SLOT_A.name}","${SLOT_B.name}"],O=[${SLOT_OFFSETS.join()}],H=[],X="\\xff\\xff\\xff\\xff",h,c,k,i,n;
for(i=0;i<2;i++){h=""+S.read(N[i],O[i],${Mark.END});H.push(h.substr(0,4)=="${LINE_MAGIC}"&&E.CRC32(h.substr(0,${Mark.SUM}))==u(h,${Mark.SUM})&&h.substr(${Mark.CHOSEN},4)=="${GOOD}"?h:"")}
i=H[1]&&(!H[0]||u(H[1],4)>u(H[0],4))?1:0;
for(n=0;n<2;n++){
h=H[i];k=0;
if(h&&h.substr(${Mark.PASSED},4)!="${FINE}"){if(h.substr(${Mark.DEAD},4)==X)for(k=${Mark.TRIES};k<${Mark.END}&&h.substr(k,4)!=X;k+=4);else k=${Mark.END}}
if(h&&k<${Mark.END}){
c=S.read(N[i],O[i]+u(h,8),u(h,12));
if(c&&E.CRC32(c)==u(h,16)){if(k)S.write(N[i],"\\0\\0\\0\\0",O[i]+k);global.SLOT=i;return c}
}
i=1-i;
}
return""
}
eval(boot())`;
