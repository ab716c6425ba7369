/** A limit of a profile: its range, its meaning, and which of two values is the stricter one. */

import type { z } from 'zod'

/**
 * Which of two values holds where profiles differ. lower, higher: that one · union, intersection: of lists ·
 * same: they must agree, because neither is stricter.
 */
export type Stricter = 'lower' | 'higher' | 'union' | 'intersection' | 'same'

/** One limit as data. */
export interface LimitSpec<T = unknown> {
  readonly schema: z.ZodType<T>
  readonly stricter: Stricter
  /** What it bounds, with its unit, in words that follow its name. */
  readonly meaning: string
  /** What holds where a profile switches the limit's rule on and does not name the limit. */
  readonly standard?: T
  /** Of a list: what is left of two values; default: by equal entries. */
  join?(a: T, b: T): T
}

/** The limits of a rule, by name. */
export type LimitSpecs = Readonly<Record<string, LimitSpec>>

/** The values of these limits; one that a profile does not name is undefined. */
export type LimitsOf<L extends LimitSpecs> = { readonly [K in keyof L]?: L[K] extends LimitSpec<infer T> ? T : never }

const limit =
  (stricter: Stricter) =>
  <T>(schema: z.ZodType<T>, meaning: string, more: Pick<LimitSpec<T>, 'standard' | 'join'> = {}): LimitSpec<T> => ({
    schema,
    stricter,
    meaning,
    ...more,
  })

/** A limit of which the smaller value is stricter. */
export const lower = limit('lower')
/** A limit of which the greater value is stricter. */
export const higher = limit('higher')
/** A list that grows with every profile: of what is forbidden. */
export const union = limit('union')
/** A list that shrinks with every profile: of what is allowed. */
export const intersection = limit('intersection')
/** A value on which all profiles that name it must agree. */
export const same = limit('same')
