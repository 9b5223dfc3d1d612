/** Registers `smartseal demo`: the main job, end to end, on real processes. */
import type { Command } from 'commander';
import path from 'node:path';
import type { Language } from './texts';

interface Options {
  out: string;
  keep?: boolean;
  json?: boolean;
}

export function register(program: Command, language: Language): void {
  const t = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  program
    .command('demo')
    .description(t('演示：从申请到盖章、取证、验证，以及四次被拒绝的作弊', 'one page applied for, approved, stamped and proven; and four attempts to cheat'))
    .option('--out <folder>', t('结果目录（其中旧的演示结果会被清除）', 'where results go; an earlier demo in it is removed'), 'demo-out')
    .option('--keep', t('结束后保持运行，并提示如何查看', 'leave everything running afterwards and say how to look at it'))
    .option('--json', t('每步一行 JSON', 'each step as a line of JSON'))
    .addHelpText('after', t('\n例：\n  smartseal demo --lang zh\n  smartseal demo --keep', '\nExamples:\n  smartseal demo --lang zh\n  smartseal demo --keep'))
    .action(async (options: Options) => {
      const { runDemo } = require('./demo/story') as typeof import('./demo/story');
      process.exitCode = await runDemo({ folder: path.resolve(options.out), keep: options.keep === true, json: options.json === true, language });
    });
}
