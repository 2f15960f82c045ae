/* Runs in a page: the browser's protocol against the vectors and refusals of tests/ballots. */
async ({ vectors, refusals }) => {
  // The offline file has the same modules in it; pages load them.
  const load = (name) => globalThis.QB1?.[name] ?? import(`/static/courts/ballot-${name}.js`);
  const protocol = await load("protocol");
  const bytes = await load("bytes");
  const group = await load("group");
  const found = [];
  const fixed = (seed) => {
    let number = 0;
    return () => {
      number += 1;
      const wide = ["QB1-test-rng", "QB1-test-rng2"].map((tag) =>
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
  protocol.selfTest();
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
  same("canonical", bytes.hexOf(bytes.digest("QB1-x", text)), vectors.canonical.hash);
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
  same("fingerprint", bytes.hexOf(manifest.phi), vectors.fingerprint);
  same("joint key", manifest.y.toString(16), vectors.joint_key);
  const { seed, nonce, k, c, z } = vectors.rehearsal;
  same("rehearsal", protocol.proveReady(secret, manifest.phi, nonce, k, fixed(seed)), { c, z });
  for (const vote of vectors.votes) {
    const ballot = protocol.seal(manifest, vote.slot, vote.scores, fixed(vote.seed));
    same("ballot", ballot, vote.ballot);
    same("tracker", protocol.trackerOf(ballot), vote.tracker);
  }
  const board = protocol.readBoard(bytes.canonical(vectors.board));
  same("kappa", bytes.hexOf(board.kappa), vectors.kappa);
  same(
    "aggregate",
    board.sealed.map((pair) => pair.map((one) => one.toString(16))),
    vectors.aggregate,
  );
  vectors.secrets.forEach((one, place) => {
    const own = fixed(vectors.partial_seeds[place]);
    const part = protocol.openPart(BigInt(`0x${one}`), place, board, own);
    same("part", part, vectors.board.partials[place]);
  });

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
  const good = protocol.readBoard(bytes.canonical(refusals.board));
  const own = good.manifest;
  protocol.readBallot(refusals.ballot, own);
  for (const one of refusals.ballots) {
    refuse("ballot", one, () =>
      protocol.readBallot(
        "raw" in one ? bytes.parse(one.raw) : changed(refusals.ballot, one.set),
        own,
      ),
    );
  }
  for (const one of refusals.keys) {
    const key = changed(refusals.key, one.set);
    refuse("key", one, () => protocol.checkKey(key, key.id, key.name));
  }
  for (const one of refusals.manifests) {
    refuse("manifest", one, () =>
      protocol.readManifest(changed(refusals.board.manifest, one.set)),
    );
  }
  for (const one of refusals.rehearsals) {
    const answer = changed(refusals.rehearsal, one.set);
    refuse("rehearsal", one, () =>
      protocol.checkReady(answer, own.phi, answer.nonce, answer.k, own.keys[answer.k]),
    );
  }
  for (const one of refusals.partials) {
    const part = changed(refusals.partial, one.set);
    refuse("partial", one, () =>
      protocol.checkPart(part.d, part.k, good.sealed, own, good.kappa),
    );
  }
  for (const one of refusals.boards) {
    refuse("board", one, () =>
      protocol.readBoard(
        "raw" in one ? one.raw : bytes.canonical(changed(refusals.board, one.set)),
      ),
    );
  }
  return found;
}
