/* One question after the other to a worker; `progress` hears how far it is. */
export class Helper {
  constructor(address, progress, type = "module") {
    this.worker = new Worker(address, { type });
    this.progress = progress;
  }

  ask(question) {
    return new Promise((resolve, reject) => {
      const failed = (code) => reject(Object.assign(new Error(code), { code }));
      this.worker.onerror = () => failed("failed");
      this.worker.onmessage = ({ data }) => {
        if (data.kind === "progress") {
          this.progress(data.done, data.of);
        } else if (data.kind === "done") {
          resolve(data.value);
        } else {
          failed(data.code);
        }
      };
      this.worker.postMessage(question);
    });
  }
}
