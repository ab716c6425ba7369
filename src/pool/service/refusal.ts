import { MyceliaError } from '../../core/index.js'

/** What the service does not do, with the HTTP status that says so. */
export class PoolRefusal extends MyceliaError {
  override name = 'PoolRefusal'
  constructor(
    readonly status: 400 | 404 | 409 | 429,
    message: string,
  ) {
    super(message)
  }
}
