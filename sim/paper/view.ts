/** What a camera is asked for, and who answers. */
import type { Page } from './page';

export interface View {
  /** The sheet in the tray; absent: the tray is empty. */
  page?: Page | undefined;
  /** Width and height asked of the camera, pixels. */
  width: number;
  height: number;
  /** JPEG quality 1..100; by default that of the Arducam's middle setting. */
  quality?: number;
  /** Nothing to be seen: something lies over the lens, or there is neither lamp nor daylight. */
  covered?: boolean;
  /** Counts this camera's photos: each has noise of its own. */
  photo: number;
  /** Counts the times a sheet was laid down: each lies a little differently. */
  laid?: number;
}

/** Renders what the camera sees as JPEG. Deterministic in the scene's own seed and the view. */
export interface Scene {
  jpeg(view: View): Buffer | Promise<Buffer>;
}
