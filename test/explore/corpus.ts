/** Worlds worth playing again: each once showed something, or shows a rare path. */
export const CORPUS: readonly { seed: number; profile: string; what: string }[] = [
  { seed: 41, profile: 'all', what: 'an actuator that jammed on its way home came free; nobody ever drove it home' },
  { seed: 59, profile: 'all', what: 'a welded driver left the carrier at the bolt: every use was refused for ever, and no alarm said why' },
  { seed: 146, profile: 'all', what: 'the same, later' },
  { seed: 1042, profile: 'all', what: 'two cuts around the loading of a permit: its record was never written' },
  { seed: 175, profile: 'all', what: 'the same in another world' },
  { seed: 599, profile: 'all', what: 'the driver is welded shut just as the die leaves the paper' },
  { seed: 8, profile: 'hostile', what: 'statements handed over again, changed and forged' },
  { seed: 3, profile: 'people', what: 'every bad habit' },
  { seed: 58, profile: 'all', what: 'a die put back just before a look at its tag was not seen for ten seconds, and not missed when it went again' },
  { seed: 128, profile: 'custody', what: 'the power goes between the removal of a person and its record' },
  { seed: 290, profile: 'all', what: 'a permit that asks for a passcode stands before those that a finger opens' },
  { seed: 167, profile: 'busy', what: 'more permits than there is room for: each round of using them up lets new ones in' },
  { seed: 2, profile: 'update', what: 'images of every kind, one of them rolled back' },
  { seed: 4, profile: 'battery', what: 'batteries that are low, old and worn' },
  { seed: 1, profile: 'chain', what: 'bridge and desk, and trouble with both' },
];
