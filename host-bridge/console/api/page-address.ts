/** Where pictures of documents' pages are, and which of the desk's widths a screen may choose among. */
import type { paths } from '../generated/desk';

type Width = NonNullable<NonNullable<paths['/v1/documents/{sha256}/pages/{page}']['get']['parameters']['query']>['width']>;
/** Pixels across that the desk offers. */
const WIDTHS = [480, 640, 800, 1080, 1280] as const satisfies readonly Width[];
/** What a page takes of the window: all of a phone's but its margins; at a desk the column of a document, and one of several pages side by side. */
export const SIZES = { large: '(min-width: 56rem) 45vw, calc(100vw - 4.25rem)', small: 'auto, (min-width: 56rem) 20vw, calc(100vw - 4.25rem)' } as const;

/** Where the page is as large as it was drawn. */
export const pageAddress = (sha256: string, page: number): string => `/v1/documents/${sha256}/pages/${page}`;
/** The widths, as an img has them. */
export const pageSet = (sha256: string, page: number): string => WIDTHS.map((width) => `${pageAddress(sha256, page)}?width=${width} ${width}w`).join(', ');
