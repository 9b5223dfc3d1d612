/** Entry of the bundle for the Seeed XIAO nRF52840. */
import { createBoard } from './board/xiao';
import { start } from './main';

start(createBoard());
