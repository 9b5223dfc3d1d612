/**
 * The files of a unit's Storage area, made once at provisioning in this order and never created, replaced or deleted
 * afterwards (a power cut during Storage's compaction would lose everything). The three regions are used as raw NOR flash:
 * the whole pages inside the file, so a file has one page more than its region.
 */
export interface RegionFile {
  name: string;
  /** Usable whole pages; the file has one more (fileSize). */
  pages: number;
}

export const PAGE = 4096;
/** Where the bundle lies; `.bootcde` runs it from flash. */
export const BUNDLE = 'seal';
export const BOOT_FILE = '.bootcde';
export const BOOT_CODE = 'eval(require("Storage").read("seal"))';
/** Glyphs and texts of the display, as large as they are (firmware/text/font.ts). */
export const FONT = 'font';
/** What is left, about 400 KB, holds bundle and font and the next ones beside them. */
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
