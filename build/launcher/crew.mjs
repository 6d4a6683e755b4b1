/** What runs beside the launcher, stopped in the reverse order of its start: on Ctrl+C, on an error, at the end. */

export class Crew {
  /** @type {(() => Promise<void>)[]} */
  #members = [];
  /** @type {Promise<void> | null} */
  #dismissal = null;

  /** True once a person or the system asked the launcher to stop. */
  askedToStop = false;

  /** True once the members are being stopped, for whatever reason. */
  get dismissed() {
    return this.#dismissal !== null;
  }

  constructor() {
    const ask = () => {
      if (this.askedToStop) return;
      this.askedToStop = true;
      process.stdout.write('\nStopping.\n');
      void this.dismiss();
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
    process.on('SIGHUP', ask);
  }

  /** @param {() => Promise<void>} close ends one member; resolves when it has ended */
  add(close) {
    this.#members.push(close);
  }

  /** @returns {Promise<void>} when every member has ended; asking again waits for the same end */
  dismiss() {
    this.#dismissal ??= (async () => {
      for (let member = this.#members.pop(); member !== undefined; member = this.#members.pop()) await member();
    })();
    return this.#dismissal;
  }
}
