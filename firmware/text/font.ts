/**
 * Glyphs and texts of the display: font.bin, made by firmware/build/display.js, the resources of an image (protocol/image.ts), read through
 * Board.font().
 *
 *     0       3  SD1
 *     4       2  number G of wide glyphs, u16 LE
 *     6       2  number T of texts, u16 LE
 *     8    1520  the glyphs of 0x20..0x7e, 8 × 16
 *     1528  32 G wide glyphs, 16 × 16; first the signs of the first row
 *     ..    64 T texts: Chinese, English; of each two rows of 16 cells
 *     ..     3 G what character each wide glyph is, u24 LE: for those who read the glass by machine
 *
 * A glyph is column by column, of each the upper byte, then the lower, bit 0 on top: as the display takes it with vertical
 * addressing (SSD1306 rev 1.1, 10.1.3). A row of text is one byte a cell of 8 × 16: 0x20..0x7e a narrow glyph; 0x80 | i >> 6,
 * 0xc0 | i & 63 the two cells of wide glyph i; 0x7f a cell for a value that is put in.
 */
export const FONT_MAGIC = 'SD1';
export const NARROW_AT = 8;
export const NARROW_SIZE = 16;
export const WIDE_AT = 1528;
export const WIDE_SIZE = 32;
/** Bytes of a text in both languages; of a row. */
export const TEXT_SIZE = 64;
export const ROW_SIZE = 16;
/** Rows on the glass. */
export const ROWS = 4;
