/** zxcvbn: how many guesses a password takes, by the lists that the desk refuses by as well. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

const judge = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
/** Characters looked at: longer ones take long and are strong or one thing repeated. */
const LOOKED_AT = 64;

/** 0 (guessed at once) to 4. @param own words that whoever guesses would try first */
export function scoreOf(password: string, own: readonly string[]): number {
  return judge.check(password.slice(0, LOOKED_AT), own.filter((word) => word.length > 1)).score;
}
