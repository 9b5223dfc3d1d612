#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const path = require('node:path');

const main = path.join(__dirname, '../dist/sim/cli/main.js');
if (existsSync(main)) {
  // From Node 22.8 on, what was compiled is kept for the next start. Beside the program and not in the system's folder
  // for temporary files: whoever may write there may change the program anyway. Where nobody may, nothing is kept.
  enableCompileCache?.(path.join(__dirname, '../dist/.compiled'));
  require(main);
} else {
  console.error('smartseal is not built yet: run "make build" / 程序尚未编译，请运行 make build');
  process.exitCode = 1;
}
