/** Using a permit up, sheet by sheet. */
import type { Granted, PermitTerms } from '../scenario/authority';
import type { Bench } from '../scenario/bench';
import { Kind } from '../scenario/chain';

/** A permit that the authority makes, and the unit has. */
export async function grantAndLoad(bench: Bench, terms: PermitTerms): Promise<Granted> {
  const granted = bench.grant(terms);
  await bench.load(granted);
  return granted;
}

/** Opens a permit with all its people and lays sheets in, once for each use left; what is refused is refused. */
export async function useUp(bench: Bench, granted: Granted, times: number): Promise<void> {
  const { claims } = granted;
  const { hand, truth } = bench.unit;
  if (truth.page !== undefined) {
    hand.removePaper();
    await bench.wait(700);
  }
  for (const { person } of claims.persons) await bench.finger(person);
  if (bench.link.state === 1) {
    await bench.sheet();
    await bench.wait(800);
  }
  for (let i = 0; i < times && bench.link.state === 3; i++) await oneSheet(bench, granted);
}

/** One sheet under an opened use, with the authority's grant where the permit asks for one. */
export async function oneSheet(bench: Bench, { claims }: Granted): Promise<void> {
  await bench.sheet();
  await bench.stroke();
  if (bench.link.state !== 5) return;
  await bench.pull();
  const photo = bench.chain.of(Kind.PHOTO).at(-1)!;
  await bench.grantStroke(claims.id, photo.data.get(3) as Buffer, photo.seq);
  await bench.stroke();
}
