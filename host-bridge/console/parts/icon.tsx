export function Icon({ path }: { path: string }) {
  return <svg className="icon" viewBox="0 0 24 24" aria-hidden="true"><path d={path} /></svg>;
}
