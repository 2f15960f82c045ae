/* Runs in a page: the browser's protocol against the vectors and refusals of tests/ballots, those
 * of QB2 and of QB1 that it is given. */
async ({ vectors = null, refusals = null, qb1 = null }) => {
  // The offline file has the same modules in it; pages load them.
  const load = (name) => globalThis.QB2?.[name] ?? import(`/static/courts/ballots/ballot-${name}.js`);
  const protocol = await load("protocol");
  const bytes = await load("bytes");
  const group = await load("group");
  const found = [];
  const fixed = (seed) => {
    let number = 0;
    return () => {
      number += 1;
      const wide = ["QB2-test-rng", "QB2-test-rng2"].map((tag) =>
        bytes.hexOf(bytes.digest(tag, seed, bytes.u4(number))),
      );
      return BigInt(`0x${wide.join("")}`) % group.Q;
    };
  };
  const same = (name, left, right) => {
    if (bytes.canonical(left) !== bytes.canonical(right)) {
      found.push(`differs: ${name}`);
    }
  };
  const hexes = (pairs) => pairs.map((pair) => pair.map((one) => one.toString(16)));
  protocol.selfTest();

  const changed = (good, changes) => {
    const copy = structuredClone(good);
    for (const [path, value] of changes) {
      let place = copy;
      for (const step of path.slice(0, -1)) {
        place = place[step];
      }
      place[path.at(-1)] = value;
    }
    return copy;
  };
  const refuse = (kind, one, work) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof bytes.Refused)) {
        found.push(`fails otherwise: ${kind}, ${one.name}: ${error}`);
      }
      return;
    }
    found.push(`accepted: ${kind}, ${one.name}`);
  };
  const refuseAll = (cases, tallied = true) => {
    const version = cases.board.manifest.v;
    const good = protocol.readBoard(bytes.canonical(cases.board));
    const own = good.manifest;
    protocol.readBallot(cases.ballot, own);
    for (const one of cases.ballots) {
      refuse("ballot", one, () =>
        protocol.readBallot(
          "raw" in one ? bytes.parse(one.raw) : changed(cases.ballot, one.set),
          own,
        ),
      );
    }
    for (const one of cases.keys) {
      const key = changed(cases.key, one.set);
      refuse("key", one, () => protocol.checkKey(key, key.id, key.name, version));
    }
    for (const one of cases.manifests) {
      refuse("manifest", one, () => protocol.readManifest(changed(cases.board.manifest, one.set)));
    }
    for (const one of cases.partials) {
      const part = changed(cases.partial, one.set);
      refuse("partial", one, () =>
        protocol.checkPart(part.d, part.k, good.sealed, own, good.kappa),
      );
    }
    for (const one of cases.boards) {
      refuse("board", one, () => {
        const raw = "raw" in one ? one.raw : bytes.canonical(changed(cases.board, one.set));
        protocol.readBoard(raw, { tallied });
      });
    }
    return good;
  };

  if (vectors) {
    for (const one of vectors.draws) {
      const draw = fixed(one.seed);
      let value = 0n;
      for (let n = 0; n < one.n; n += 1) {
        value = draw();
      }
      same("draw", value.toString(16), one.value);
    }
    for (const one of vectors.hashes) {
      same("hash", bytes.hexOf(bytes.digest(one.tag, ...one.parts)), one.hash);
    }
    const text = bytes.canonical(vectors.canonical.value);
    same("canonical", bytes.hexOf(bytes.digest("QB2-x", text)), vectors.canonical.hash);
    for (const one of vectors.weights) {
      same("weights", protocol.weightsOf(one.unit_max), one.weights);
      one.bits.forEach((bits, score) => same("bits", protocol.bitsOf(score, one.unit_max), bits));
    }
    const draw = fixed(vectors.key.seed);
    const secret = protocol.makeSecret(draw);
    same("secret", secret.toString(16), vectors.key.x);
    const { id, name } = vectors.key;
    same("key", protocol.proveKey(secret, id, name, draw), vectors.key.public);
    same("card", protocol.cardOf(secret), vectors.key.card);
    const { digits, check } = vectors.key.card;
    same("typed", protocol.readCard(digits.toUpperCase(), check).toString(16), vectors.key.x);
    const manifest = protocol.readManifest(vectors.manifest);
    same("fingerprint", protocol.fingerprintOf(vectors.manifest), vectors.fingerprint);
    same("fingerprint", bytes.hexOf(manifest.phi), vectors.fingerprint);
    same("joint key", manifest.y.toString(16), vectors.joint_key);
    const { seed, nonce, k, c, z } = vectors.rehearsal;
    same("rehearsal", protocol.proveReady(secret, manifest.phi, nonce, k, fixed(seed)), { c, z });
    for (const vote of vectors.votes) {
      const { ballot } = protocol.seal(manifest, vote.slot, vote.scores, fixed(vote.seed));
      same("ballot", ballot, vote.ballot);
      same("tracker", protocol.trackerOf(ballot), vote.tracker);
    }
    const { file } = vectors.spoiled;
    const { ballot, randomness } = protocol.seal(
      manifest,
      file.ballot.slot,
      file.scores,
      fixed(vectors.spoiled.seed),
    );
    same("spoiled", protocol.spoiledOf(ballot, file.scores, randomness), file);
    const read = protocol.readSpoiled(file, manifest);
    same("spoiled scores", read.scores, file.scores);
    same("spoiled tracker", read.tracker, vectors.spoiled.tracker);
    const board = protocol.readBoard(bytes.canonical(vectors.board));
    protocol.neverCast(vectors.spoiled.tracker, board.chain);
    same("kappa", bytes.hexOf(board.kappa), vectors.kappa);
    same("aggregate", hexes(board.sealed), vectors.aggregate);
    vectors.secrets.forEach((one, place) => {
      const own = fixed(vectors.partial_seeds[place]);
      const part = protocol.openPart(BigInt(`0x${one}`), place, board, own);
      same("part", part, vectors.board.partials[place]);
    });
  }
  if (refusals) {
    // Whichever a board says itself, opened or not: what is between is neither.
    const good = refuseAll(refusals, null);
    const { phi, keys } = good.manifest;
    protocol.checkReady(refusals.rehearsal, phi, refusals.rehearsal.nonce, 0, keys[0]);
    for (const one of refusals.rehearsals) {
      const answer = changed(refusals.rehearsal, one.set);
      refuse("rehearsal", one, () =>
        protocol.checkReady(answer, phi, answer.nonce, answer.k, keys[answer.k]),
      );
    }
    protocol.readSpoiled(refusals.spoiled, good.manifest);
    for (const one of refusals.spoileds) {
      refuse("spoiled", one, () => {
        const whole = "raw" in one ? bytes.parse(one.raw) : changed(refusals.spoiled, one.set);
        protocol.neverCast(protocol.readSpoiled(whole, good.manifest).tracker, good.chain);
      });
    }
    const closed = { ...refusals.board, partials: [], sums: null };
    for (const tallied of [false, null]) {
      same("closed", protocol.readBoard(bytes.canonical(closed), { tallied }).sums, []);
    }
    for (const one of refusals.closed) {
      refuse("closed", one, () =>
        protocol.readBoard(bytes.canonical(changed(closed, one.set)), { tallied: false }),
      );
    }
    refuse("closed", { name: "as if tallied" }, () => protocol.readBoard(bytes.canonical(closed)));
    refuse("tallied", { name: "as if closed" }, () =>
      protocol.readBoard(bytes.canonical(refusals.board), { tallied: false }),
    );
  }
  // QB1 is only verified.
  if (qb1) {
    const old = protocol.readBoard(bytes.canonical(qb1.vectors.board));
    same("QB1 fingerprint", protocol.fingerprintOf(qb1.vectors.manifest), qb1.vectors.fingerprint);
    same("QB1 kappa", bytes.hexOf(old.kappa), qb1.vectors.kappa);
    same("QB1 aggregate", hexes(old.sealed), qb1.vectors.aggregate);
    same("QB1 sums", old.sums, qb1.vectors.board.sums);
    for (const vote of qb1.vectors.votes) {
      same("QB1 tracker", protocol.trackerOf(vote.ballot, "QB1"), vote.tracker);
      protocol.readBallot(vote.ballot, old.manifest);
    }
    const before = { ...qb1.vectors.board, partials: [], sums: [] };
    same("QB1 closed", protocol.readBoard(bytes.canonical(before), { tallied: null }).sums, []);
    const { slot } = qb1.vectors.votes[0];
    refuse("QB1", { name: "sealing" }, () => protocol.seal(old.manifest, slot, [1, 2]));
    refuse("QB1", { name: "opening" }, () =>
      protocol.openPart(BigInt(`0x${qb1.vectors.secrets[0]}`), 0, old),
    );
    refuseAll(qb1.refusals);
  }
  return found;
}
