/** The picture of a document's page, as wide as the screen needs it: the browser chooses among the desk's widths. */
import type { ComponentProps } from 'react';
import { pageAddress, pageSet, SIZES } from '../api/page-address';

/** What a page most likely is; the picture itself says what it really is, once it is here. */
const A4 = { width: 210, height: 297 };

export function PageImage({ sha256, page, size, ...more }: { sha256: string; page: number; size: keyof typeof SIZES } & Omit<ComponentProps<'img'>, 'src' | 'srcSet' | 'sizes' | 'width' | 'height'>) {
  return <img loading="lazy" {...A4} {...more} sizes={SIZES[size]} srcSet={pageSet(sha256, page)} src={`${pageAddress(sha256, page)}?width=1080`} />;
}
