/** Where the stamp goes on a page, drawn over its picture. */
import type { Application } from '../api/client';

export type Mark = Application['marks'][number];

/** Parts of a page's width and height. */
export const PARTS = 10_000;

export function Spots({ marks, page }: { marks: readonly Mark[]; page: number }) {
  return (
    <svg className="spots" viewBox={`0 0 ${PARTS} ${PARTS}`} preserveAspectRatio="none" aria-hidden="true">
      {marks.filter((one) => one.page === page).map((one, index) => <ellipse key={index} cx={one.x} cy={one.y} rx={1000} ry={710} />)}
    </svg>
  );
}
