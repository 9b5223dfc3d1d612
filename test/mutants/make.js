/** Applies mutants to the compiled modules of the firmware and makes bundles of them. */
'use strict';
const path = require('node:path');
const root = path.resolve(__dirname, '../..').replace(/[\\/]dist$/, '');
const { assemble, compile } = require(path.join(root, 'firmware/build/build.js'));
const { allowed } = require(path.join(root, 'firmware/build/names.js'));

/** White space of the pattern stands for any, and the number of an enum's member before its name for whatever it is today. */
function pattern(text) {
  const words = text.trim().replace(/\d+ \/\*/g, '# /*').split(/\s+/);
  return new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/#$/, '\\d+')).join('\\s+'), 'g');
}

function maker() {
  const names = allowed();
  const modules = compile([path.join(root, 'firmware/main.xiao.ts')]);
  /** The modules with the changes in them. @throws where one does not fit exactly once */
  function fits(changes) {
    const changed = new Map(modules);
    for (const { file, from, to } of changes) {
      const id = path.join(root, file);
      const text = changed.get(id);
      if (text === undefined) throw new Error(`no module ${file}`);
      const found = text.match(pattern(from)) ?? [];
      if (found.length !== 1) throw new Error(`${file}: ${JSON.stringify(from)} fits ${found.length} times`);
      changed.set(id, text.replace(pattern(from), () => to));
    }
    return changed;
  }

  return {
    fits,
    /** The bundle's code, as it would be flashed. */
    make: async (changes) => (await assemble('xiao', fits(changes), names, false)).small,
  };
}

module.exports = { maker };
