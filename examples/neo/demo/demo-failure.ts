/** Ends the demo with exit code 1: the message names what went wrong and where to look. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}
