/** Fields of a protobuf message that are numbers. */
export function varints(bytes: Buffer): Map<number, number> {
  const found = new Map<number, number>();
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let shift = 1; at < bytes.length; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const tag = read();
    if (tag % 8 === 0) found.set(Math.floor(tag / 8), read());
    else if (tag % 8 === 2) at += read();
    else return found;
  }
  return found;
}
