import { createUnit, Page, World, type Unit, type UnitOptions, type WorldOptions } from '../../sim';

export const IDENTITY = {
  deviceId: Buffer.from('SEAL0001', 'latin1'),
  linkKey: Buffer.alloc(32, 1),
  permitKey: Buffer.alloc(32, 2),
  evidenceKey: Buffer.alloc(32, 3),
  people: [{ slot: 0, person: 7 }, { slot: 5, person: 8 }],
};

/** A world with one unit that runs a script in the interpreter's dialect. */
export function bench(script: string, options: Partial<UnitOptions> = {}, world: WorldOptions = {}): { world: World; unit: Unit; printed: string[] } {
  const w = new World(world);
  const unit = createUnit(w, { bundle: `${script};\n`, bootFile: `${script};\n`, identity: IDENTITY, ...options });
  const printed: string[] = [];
  unit.on('print', (text) => printed.push(text.trimEnd()));
  return { world: w, unit, printed };
}

/** What a script says first so that prints do not go to the cable. */
export const QUIET = 'E.setConsole(null,{force:true});';

/** Pulls the bolt and presses for so long. */
export const STROKE = `${QUIET}
  function go(){ digitalWrite(D31,1); setTimeout(function(){ analogWrite(D1,1,{freq:20000}); },100);
    setTimeout(function(){ digitalWrite(D1,0); digitalWrite(D31,0); },1200);
    setTimeout(function(){ analogWrite(D2,1,{freq:20000}); },1500);
    setTimeout(function(){ digitalWrite(D2,0); },3000); }
  setTimeout(go,100);`;

export const plain = (id: string): Page => Page.plain(id);
