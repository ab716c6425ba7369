import type { z } from 'zod'
import { PoolRefusal } from './refusal.js'

/** What was sent, in its shape. @throws PoolRefusal that says what is wrong with it. */
export function parsed<S extends z.ZodType>(shape: S, sent: unknown): z.output<S> {
  const { success, data, error } = shape.safeParse(sent)
  if (success) return data
  const [first] = error.issues
  const place = first?.path.join('.') || 'the request'
  throw new PoolRefusal(400, `${place}: ${first?.message ?? 'not as it must be'}`)
}
