/** Entry of the bundle for the bench unit: Espruino for Linux. */
import { createBoard } from './board/linux';
import { start } from './main';

// Inlined, their whole text would stand in the stack trace of every exception (firmware/build/dialect.js).
/*@__NOINLINE__*/ start(/*@__NOINLINE__*/ createBoard());
