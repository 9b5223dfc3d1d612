#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const path = require('node:path');

const main = path.join(__dirname, '../dist/sim/cli/main.js');
if (existsSync(main)) {
  require(main);
} else {
  console.error('smartseal is not built yet: run "make build" / 程序尚未编译，请运行 make build');
  process.exitCode = 1;
}
