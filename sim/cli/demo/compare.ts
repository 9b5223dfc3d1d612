/** The page in the tray is the approved one, or there is no stroke: what who approved does with each photo. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { until, type Http } from './http';
import type { Stage } from './stage';

interface Photo {
  seq: number;
  digest: string;
}

/** Number of the newest photo the bridge knows of; -1: none. */
export async function newestPhoto(stage: Stage): Promise<Photo> {
  const { photos } = await stage.bridge.json<{ photos: Photo[] }>('GET', `/v1/devices/${stage.device}/photos?limit=200`);
  return photos.reduce((newest, one) => (one.seq > newest.seq ? one : newest), { seq: -1, digest: '' });
}

/** The photo after `last`, once the desk has it. */
async function photoAtDesk(stage: Stage, approver: Http, permit: string, last: number): Promise<Photo> {
  return until('the photo at the desk', async () => {
    const photo = await newestPhoto(stage);
    if (photo.seq <= last) return undefined;
    const answer = await approver.status('GET', `/v1/permits/${permit}/photos/${photo.digest}/comparison`);
    return answer.status === 404 ? undefined : photo;
  });
}

export interface Asked {
  photo: Photo;
  /** What the desk said to the grant: 202, or why not. */
  status: number;
  code: string;
  detail: string;
}

/** Asks the desk for the stroke on the newest photo; the number is what stands on the display. */
export async function askForStroke(stage: Stage, approver: Http, permit: string, last: number): Promise<Asked> {
  const photo = await photoAtDesk(stage, approver, permit, last);
  const answer = await approver.status('POST', `/v1/permits/${permit}/strokes`, { photo: photo.digest, number: photo.seq });
  return { photo, ...answer };
}

/** Keeps the picture of the page with what differs framed. */
export async function keepBoxes(stage: Stage, approver: Http, permit: string, photo: string, name: string): Promise<void> {
  writeFileSync(path.join(stage.folder, name), await approver.bytes('GET', `/v1/permits/${permit}/photos/${photo}/comparison/picture`));
}
