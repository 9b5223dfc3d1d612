/** Entry of the bundle for the Seeed XIAO nRF52840. */
import { createBoard } from './board/xiao';
import { start } from './main';

// Inlined, their whole text would stand in the stack trace of every exception (firmware/build/dialect.js).
/*@__NOINLINE__*/ start(/*@__NOINLINE__*/ createBoard());
