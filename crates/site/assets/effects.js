// What the rulings in force do, looked up by place (docs/statements.md section 4).

/** When an effect was made: the ruling's index, and which of its effects it is. Of two, the greater is later. */
const orderOf = (index, n) => index * 2 ** 20 + n;

/** The ruling of an order. */
export const rulingOf = (order) => Math.floor(order / 2 ** 20);

export class Effects {
  constructor() {
    /** Statements that are out, and those that a ruling chose, those with the ruling, these with their order. */
    this.excluded = new Map();
    this.restored = new Map();
    /** Corrections by station: `{key, figures, order}`. */
    this.corrections = new Map();
    this.recounts = [];
    this.annulled = [];
    this.repeats = [];
  }

  /** Adds what one ruling does. */
  add(index, acts) {
    const scopes = { recount: this.recounts, annul: this.annulled, repeat: this.repeats };
    acts.forEach((act, n) => {
      const order = orderOf(index, n);
      if (act === null) return;
      if (act.do === "correct") {
        const own = this.corrections.get(act.station) ?? [];
        this.corrections.set(act.station, [...own, { key: act.slot.key, slot: act.slot, figures: act.figures, order }]);
      } else if (act.do === "exclude") {
        this.restored.delete(act.statement);
        this.excluded.set(act.statement, index);
      } else if (act.do === "restore") {
        this.excluded.delete(act.statement);
        this.restored.set(act.statement, order);
      } else {
        scopes[act.do].push({ ...act, order });
      }
    });
  }

  /** The latest correction of a slot: `{figures, order}`. */
  correction(station, key) {
    return (this.corrections.get(station) ?? []).findLast((own) => own.key === key) ?? null;
  }
}

/** Whether a scope is of this poll and contest, and (if asked) of this part. */
export function meets(poll, contest, part = undefined) {
  return (scope) =>
    scope.poll === poll && (scope.contest === null || scope.contest === contest) && (part === undefined || scope.part === part);
}

/** Whether a scope's place takes in a station. */
function takesIn({ place }, register, station) {
  if (place.all) return true;
  if (place.station !== undefined) return place.station === station;
  return register.isWithin(register.stations.get(station).unit, place.unit);
}

/** The order of the latest scope that takes in a station and passes a test; `null` if there is none. */
export function latest(scopes, register, station, test) {
  let order = null;
  for (const scope of scopes) {
    if (test(scope) && (order === null || scope.order > order) && takesIn(scope, register, station)) order = scope.order;
  }
  return order;
}
