/* One question after the other to a worker; `progress` hears how far it is. A classic script:
 * the oldest browsers know no modules in workers. */
export class Helper {
  constructor(address, progress = () => {}) {
    this.worker = new Worker(address);
    this.progress = progress;
  }

  ask(question) {
    return new Promise((resolve, reject) => {
      const failed = (code, detail) =>
        reject(Object.assign(new Error(detail ?? code), { code, detail }));
      this.worker.onerror = (event) => failed("worker", event.message);
      this.worker.onmessage = ({ data }) => {
        if (data.kind === "progress") {
          this.progress(data.done, data.of);
        } else if (data.kind === "done") {
          resolve(data.value);
        } else {
          failed(data.code, data.detail);
        }
      };
      this.worker.postMessage(question);
    });
  }
}
