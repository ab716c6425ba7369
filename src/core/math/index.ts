/**
 * Mathematical functions that give the same bits in every engine. ECMAScript leaves `Math.log`, `Math.sin` and their like to
 * each engine, and engines differ in the last digit; these are ports of fdlibm, which Node's own functions come from.
 *
 * @license
 * The files of this folder are derived from fdlibm (https://www.netlib.org/fdlibm), whose notice is:
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc. business.
 * Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
 */

import { atan, atan2 } from './atan.js'
import { exp } from './exp.js'
import { hypot } from './hypot.js'
import { log, log1p } from './log.js'
import { pow } from './pow.js'
import { cos, sin } from './trig.js'

/** What `math` holds. `Math.sqrt`, `floor`, `abs`, `min` and their like are exact in every engine and stay there. */
export interface PortableMath {
  /** The natural logarithm: −Infinity of 0, NaN below. */
  log(x: number): number
  /** log(1 + x), precise for small x too: −Infinity of −1, NaN below. */
  log1p(x: number): number
  /** e to the power of x. */
  exp(x: number): number
  /** x to the power of y, as `x ** y`: NaN for a negative x unless y is a whole number. */
  pow(x: number, y: number): number
  /** The sine of x radians; NaN of an infinity. */
  sin(x: number): number
  /** The cosine of x radians; NaN of an infinity. */
  cos(x: number): number
  /** The angle, in [−π/2, π/2], whose tangent is x. */
  atan(x: number): number
  /** The angle of the point (x, y) in [−π, π]; the arguments come as y, then x, as everywhere. */
  atan2(y: number, x: number): number
  /** √(x² + y²), for lengths between 1e−154 and 1e154. */
  hypot(x: number, y: number): number
}

/** Logarithm, power, sine and their like, the same to the last bit in Node, Bun, Deno and every browser. Use it in a model where you would use `Math`. */
export const math: PortableMath = { log, log1p, exp, pow, sin, cos, atan, atan2, hypot }
