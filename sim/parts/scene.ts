/** What the camera needs of the world in front of its lens, and the die that meets the paper. */
import type { Face, Page, Scene, View } from '../paper';

export type { Face, Page, Scene, View };

/** A seal die in its holder. */
export interface Die {
  /** 1-Wire ROM code: 8 bytes in hex, family first, CRC last. See romCode(). */
  rom: string;
  face: Face;
}

/** What lies before the camera at the moment of exposure. */
export interface Sight {
  /** The sheet in the tray; undefined: the bare tray. */
  page: Page | undefined;
  /** Counts the times that a sheet was laid down. */
  laid: number;
  /** Neither lamp nor daylight: lid closed and the tray light off. */
  dark: boolean;
}
