/** Entry of the bundle for the bench unit: Espruino for Linux. */
import { createBoard } from './board/linux';
import { start } from './main';

start(createBoard());
