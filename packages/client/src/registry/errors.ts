/** The registry answered, and the answer is an error of the Confluent protocol. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError'

  constructor(
    /** HTTP status. */
    readonly status: number,
    /** The protocol's error code, such as 40401; the status where the answer had none. */
    readonly code: number,
    /** The registry's own words. */
    readonly reason: string,
    /** What was asked, such as `GET /subjects/orders-value/versions/7`. */
    readonly request: string,
  ) {
    super(`the registry refused ${request}: ${reason} (HTTP ${status}, code ${code})`)
  }
}

/** The registry did not answer, or what answered is not a registry. Worth another try later. */
export class RegistryUnavailable extends Error {
  override readonly name = 'RegistryUnavailable'

  constructor(
    readonly url: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`the registry at ${url} cannot be used: ${reason}`, options)
  }
}
