/** The member of a list for which a function gives the greatest or least number. */

/** The first with the greatest number, of −1 times it where `sign` is −1; NaN is never it. */
export function bestOf<A>(list: readonly A[], f: (member: A) => number, sign: 1 | -1): A | undefined {
  let best: A | undefined
  let most = Number.NEGATIVE_INFINITY
  for (const member of list) {
    const value = sign * f(member)
    if (!(value > most || (best === undefined && value === most))) continue
    best = member
    most = value
  }
  return best
}
