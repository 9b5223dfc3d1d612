/** Public entry of paper, ink and photographs. */
export type { Face, Relief } from './die';
export { readFace } from './die';
export type { FastSceneOptions } from './fast-scene';
export { fastScene, shownIn } from './fast-scene';
export type { Impression } from './page';
export { Page } from './page';
export { PictureError } from './picture';
export { PhotoScene } from './scene';
export { seenAt } from './camera';
export type { Scene, View } from './view';
