/** The picture of a document's page, as wide as the screen needs it: the browser chooses among the desk's widths. */
import type { ComponentProps } from 'react';
import type { paths } from '../generated/desk';

type Width = NonNullable<NonNullable<paths['/v1/documents/{sha256}/pages/{page}']['get']['parameters']['query']>['width']>;
/** Pixels across that the desk offers. */
const WIDTHS = [480, 640, 800, 1080, 1280] as const satisfies readonly Width[];
/** What a page takes of the window: all of a phone's but its margins; at a desk the column of a document, and one of several pages side by side. */
const SIZES = { large: '(min-width: 56rem) 45vw, calc(100vw - 4.25rem)', small: 'auto, (min-width: 56rem) 20vw, calc(100vw - 4.25rem)' } as const;
/** What a page most likely is; the picture itself says what it really is, once it is here. */
const A4 = { width: 210, height: 297 };

/** Where the page is as large as it was drawn. */
export const pageAddress = (sha256: string, page: number): string => `/v1/documents/${sha256}/pages/${page}`;

export function PageImage({ sha256, page, size, ...more }: { sha256: string; page: number; size: keyof typeof SIZES } & Omit<ComponentProps<'img'>, 'src' | 'srcSet' | 'sizes' | 'width' | 'height'>) {
  const address = pageAddress(sha256, page);
  return <img loading="lazy" {...A4} {...more} sizes={SIZES[size]} srcSet={WIDTHS.map((width) => `${address}?width=${width} ${width}w`).join(', ')} src={`${address}?width=1080`} />;
}
