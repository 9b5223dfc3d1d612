/**
 * The camera over the tray: which spot of the tray each pixel sees, how the light falls, and what the sensor adds.
 *
 * Tray coordinates: mm from the middle of the tray, x to the right along its long side, y towards the front.
 * A sheet lies on its side in the tray (its top to the left), so that its long edge has the sensor's long side.
 */
import { seededRandom } from '../world/random';

/** Inside of the tray, mm. */
export const TRAY = { width: 318, height: 228 } as const;
/** Lens above the tray, mm. */
const HEIGHT = 300;
/** Width of the tray's plane that the sensor's width sees straight below, mm: the tray and a little of its wall. */
export const SEEN = 334;

/** How one camera was built and mounted: constant for a unit. */
export interface Mount {
  /** Off the middle, mm. */
  x: number;
  y: number;
  /** Off the vertical and about it, radians. */
  pitch: number;
  roll: number;
  yaw: number;
  /** Barrel distortion: radius on the plane = r (1 + k r²), r in units of the focal length. */
  barrel: number;
  /** Darkening towards the corners: 1 - v r². */
  vignette: number;
  /** Slope of the light over the picture's width and height. */
  slopeX: number;
  slopeY: number;
  /** White balance off neutral. */
  red: number;
  blue: number;
}

export function mount(seed: number): Mount {
  const random = seededRandom(seed);
  const pitch = random.between(0.012, 0.035);
  const roll = random.between(-0.012, 0.012);
  return {
    // Set up so that it aims at the middle of the tray to 3 mm.
    x: -HEIGHT * roll + random.between(-3, 3),
    y: HEIGHT * pitch + random.between(-3, 3),
    pitch,
    roll,
    yaw: random.between(-0.012, 0.012),
    barrel: random.between(0.035, 0.055),
    vignette: random.between(0.34, 0.44),
    slopeX: random.between(-0.1, 0.1),
    slopeY: random.between(-0.16, -0.08),
    red: random.between(0.985, 1.015),
    blue: random.between(0.955, 0.985),
  };
}

/**
 * Plane homography, row by row: (xu, yu, 1) of the undistorted image, in units of the focal length, to
 * (X w, Y w, w) in tray mm.
 */
export type Homography = readonly [number, number, number, number, number, number, number, number, number];

/** Focal length in pixels for a picture so many pixels wide. */
export function focal(width: number): number {
  return (width * HEIGHT) / SEEN;
}

/** From the undistorted image to the tray. */
export function trayHomography(m: Mount): Homography {
  // Rotation R = Rz(yaw) Rx(pitch) Ry(roll) applied to the viewing ray (xu, yu, 1), z downwards.
  const [cy, sy] = [Math.cos(m.yaw), Math.sin(m.yaw)];
  const [cp, sp] = [Math.cos(m.pitch), Math.sin(m.pitch)];
  const [cr, sr] = [Math.cos(m.roll), Math.sin(m.roll)];
  const r00 = cy * cr - sy * sp * sr;
  const r01 = -sy * cp;
  const r02 = cy * sr + sy * sp * cr;
  const r10 = sy * cr + cy * sp * sr;
  const r11 = cy * cp;
  const r12 = sy * sr - cy * sp * cr;
  const r20 = -cp * sr;
  const r21 = sp;
  const r22 = cp * cr;
  // The ray from (x, y, HEIGHT above) meets the plane after HEIGHT / rz.
  const [x, y] = [m.x, m.y];
  return [r00 * HEIGHT + x * r20, r01 * HEIGHT + x * r21, r02 * HEIGHT + x * r22, r10 * HEIGHT + y * r20, r11 * HEIGHT + y * r21, r12 * HEIGHT + y * r22, r20, r21, r22];
}

/**
 * How a sheet lies: its middle off the middle of the tray, and how many degrees clockwise it is turned. A tall sheet
 * lying straight on its side, its top to the left, has -90.
 */
export interface Placement {
  x: number;
  y: number;
  angle: number;
}

/** A hand lays a sheet down: some millimetres and up to 1.5 degrees off. */
export function lay(seed: number, widthMm: number, heightMm: number): Placement {
  const random = seededRandom(seed);
  const tall = widthMm <= heightMm;
  const roomX = Math.max(0, Math.min(4, (TRAY.width - (tall ? heightMm : widthMm)) / 2 - 3));
  const roomY = Math.max(0, Math.min(4, (TRAY.height - (tall ? widthMm : heightMm)) / 2 - 3));
  return { x: random.between(-roomX, roomX), y: random.between(-roomY, roomY), angle: (tall ? -90 : 0) + random.between(-1.5, 1.5) };
}

/** From the undistorted image to a sheet's own mm (from its top left corner). */
export function pageHomography(tray: Homography, placed: Placement, widthMm: number, heightMm: number): Homography {
  const a = (placed.angle * Math.PI) / 180;
  const c = Math.cos(a);
  const s = Math.sin(a);
  const row = (i: number): [number, number, number] => [tray[i]!, tray[i + 1]!, tray[i + 2]!];
  const [X, Y, W] = [row(0), row(3), row(6)];
  const px = [0, 1, 2].map((i) => c * (X[i]! - placed.x * W[i]!) + s * (Y[i]! - placed.y * W[i]!) + (widthMm / 2) * W[i]!);
  const py = [0, 1, 2].map((i) => -s * (X[i]! - placed.x * W[i]!) + c * (Y[i]! - placed.y * W[i]!) + (heightMm / 2) * W[i]!);
  return [px[0]!, px[1]!, px[2]!, py[0]!, py[1]!, py[2]!, W[0], W[1], W[2]];
}

/** Where a spot of the sheet (mm from its top left corner) appears in the picture, in pixels: for tests and overlays. */
export function seenAt(page: Homography, m: Mount, width: number, height: number, xMm: number, yMm: number): { u: number; v: number } {
  // Invert the homography (adjugate), then the distortion by fixed-point iteration.
  const [a, b, c, d, e, f, g, h, i] = page;
  const x = (e * i - f * h) * xMm + (c * h - b * i) * yMm + (b * f - c * e);
  const y = (f * g - d * i) * xMm + (a * i - c * g) * yMm + (c * d - a * f);
  const w = (d * h - e * g) * xMm + (b * g - a * h) * yMm + (a * e - b * d);
  const xu = x / w;
  const yu = y / w;
  let xd = xu;
  let yd = yu;
  for (let n = 0; n < 8; n++) {
    const k = 1 + m.barrel * (xd * xd + yd * yd);
    xd = xu / k;
    yd = yu / k;
  }
  const focus = focal(width);
  return { u: xd * focus + width / 2 - 0.5, v: yd * focus + height / 2 - 0.5 };
}
