/** Cutting lists that queries fill. */

/** @internal A list that was filled, cut to length (`length =` would make the engine give back its room). */
export function trimmed<T>(list: T[], length: number): T[] {
  while (list.length > length) list.pop()
  return list
}
