/* A hash that is known from paper is recognised, not ticked: four are shown, the page's own and
 * three drawn here.
 *
 * All four begin and end alike: people look there first, and there a server could try until it
 * matches. Every other group has two readings, each in two of the four, so that none of the four
 * looks more like the real one than another. */

import { hexOf, need } from "./ballot-bytes.js";

const FOUR = 4;
// Groups at either end that are the same in all four.
const ENDS = 2;

const random = (count) => crypto.getRandomValues(new Uint8Array(count));

/* A number from nought, evenly below a limit of at most 256. */
const below = (limit) => {
  for (;;) {
    const [byte] = random(1);
    if (byte < 256 - (256 % limit)) {
      return byte % limit;
    }
  }
};

/* Names in a row, with the lightest mark that none of them holds: as `scoring/listing.py` does. */
export const listed = (names) => {
  const marks = /^(?:ko|en)/.test(document.documentElement.lang)
    ? [
        [", ", ",，、"],
        ["; ", ";；"],
        [" / ", ""],
      ]
    : [
        ["、", "、，"],
        ["；", "；"],
        ["／", ""],
      ];
  const isFree = ([, held]) =>
    names.length < 2 || ![...held].some((sign) => names.some((name) => name.includes(sign)));
  return names.join(marks.find(isFree)[0]);
};

export const inFours = (hex) => hex.match(/.{1,4}/g);

/* What somebody typed from paper, without the spaces. */
export const plain = (typed) => typed.normalize("NFKC").replace(/[\s-]/g, "").toLowerCase();

const otherGroup = (group) => {
  const drawn = hexOf(random(2));
  return drawn === group ? otherGroup(group) : drawn;
};

/* Which of the other three reads a group as the own one does; each of them somewhere, so that no
 * two of the four are equal. */
const partnersOf = (count) => {
  const partners = Array.from({ length: count }, () => 1 + below(FOUR - 1));
  return new Set(partners).size === FOUR - 1 ? partners : partnersOf(count);
};

const shuffled = (values) => {
  const mixed = [...values];
  for (let place = mixed.length - 1; place > 0; place -= 1) {
    const other = below(place + 1);
    [mixed[place], mixed[other]] = [mixed[other], mixed[place]];
  }
  return mixed;
};

/* The own hash (64 hex digits) and three others, mixed. */
export const fourOf = (own) => {
  need(/^[0-9a-f]{64}$/.test(own), "hash");
  const groups = inFours(own);
  const others = groups.map(otherGroup);
  const partners = partnersOf(groups.length - 2 * ENDS);
  const readingOf = (which, group, place) => {
    const partner = partners[place - ENDS];
    return [undefined, which].includes(partner) || which === 0 ? group : others[place];
  };
  return shuffled(
    Array.from({ length: FOUR }, (_one, which) =>
      groups.map((group, place) => readingOf(which, group, place)).join(""),
    ),
  );
};

/* Writes a hash in fours, as on paper. */
export const showGroups = (place, hex) => {
  place.replaceChildren(
    ...inFours(hex).map((group) => {
      const span = document.createElement("span");
      span.textContent = group;
      return span;
    }),
  );
};

/* Resolves once the own hash was picked. What is picked wrongly, and that none is the one on
 * paper, is told, and nothing else is shown until somebody looks again. */
export const recognise = (root, own, tell) =>
  new Promise((resolve) => {
    const choices = root.querySelector("[data-four]");
    const offer = root.querySelector("[data-offer]");
    const again = root.querySelector("[data-again]");

    const refuse = (key) => {
      offer.hidden = true;
      again.hidden = false;
      tell("recognise-status", key);
      again.focus();
    };
    const pick = (picked) => {
      if (picked === own) {
        root.hidden = true;
        tell("recognise-status", "");
        resolve();
      } else {
        refuse("picked-other");
      }
    };
    const show = () => {
      choices.replaceChildren(
        ...fourOf(own).map((print, place) => {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "print-choice code";
          const number = document.createElement("b");
          number.textContent = String(place + 1);
          const groups = document.createElement("span");
          groups.className = "print-groups";
          showGroups(groups, print);
          button.append(number, groups);
          button.addEventListener("click", () => pick(print));
          return button;
        }),
      );
      again.hidden = true;
      offer.hidden = false;
      root.hidden = false;
      root.focus();
    };

    // The figures 1 to 4 pick as well. None of the four has the focus: none is suggested.
    root.tabIndex = -1;
    root.addEventListener("keydown", ({ key }) => {
      if (!offer.hidden) {
        choices.children[Number(key) - 1]?.click();
      }
    });
    root.querySelector("[data-none]").addEventListener("click", () => refuse("picked-none"));
    again.addEventListener("click", () => {
      tell("recognise-status", "");
      show();
    });
    show();
  });
