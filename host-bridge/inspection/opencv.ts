/** OpenCV (WebAssembly, no network, no compiler), loaded once a process and only when a page is looked at. */
import type { Mat } from '@techstark/opencv-js';

export type Cv = typeof import('@techstark/opencv-js');
export type { Mat };

let loading: Promise<{ cv: Cv }> | undefined;

/** The library, ready for use; wrapped, because the module has been seen with a `then` of its own. */
export function openCv(): Promise<{ cv: Cv }> {
  loading ??= new Promise((resolve) => {
    const cv = require('@techstark/opencv-js') as Cv & { Mat?: unknown; onRuntimeInitialized?: () => void };
    if (cv.Mat !== undefined) resolve({ cv });
    else cv.onRuntimeInitialized = () => resolve({ cv });
  });
  return loading;
}

/** Runs `work` and frees every matrix that went through `keep`, whatever happens: WebAssembly memory is not collected. */
export function withMats<T>(work: (keep: <M extends { delete(): void }>(mat: M) => M) => T): T {
  const kept: { delete(): void }[] = [];
  try {
    return work((mat) => {
      kept.push(mat);
      return mat;
    });
  } finally {
    for (const mat of kept.reverse()) mat.delete();
  }
}
