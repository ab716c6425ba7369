/** What each engine may round differently: ECMAScript leaves these functions "implementation-approximated". */

/** @internal Names of `Math` whose last digit depends on the engine, for the checks of our own code and of users' scenarios. `**` is another. */
export const ENGINE_DEPENDENT_MATH: readonly string[] = [
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atan2',
  'atanh',
  'cbrt',
  'cos',
  'cosh',
  'exp',
  'expm1',
  'hypot',
  'log',
  'log10',
  'log1p',
  'log2',
  'pow',
  'sin',
  'sinh',
  'tan',
  'tanh',
]
