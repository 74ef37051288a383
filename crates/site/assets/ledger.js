// Authority: who may say what, judged at the index of each statement (docs/statements.md section 3).

import { Register } from "./register.js";
import { LACKS_SIGNATURES, Void } from "./void.js";
import { ROLES } from "./shape.js";
import { toHex } from "./hash.js";

const COUNTED_BY_HAND = ["commission", "territorial", "precinct", "reconstruction"];
const FIGURES = ["commission", "territorial", "precinct", "machine", "reconstruction"];
const BELOW_TERRITORIAL = ["precinct", "machine", "observer", "party"];
const WHOLE = ["commission", "reconstruction"];
const ALL = { all: true };

const givers = (role) => (BELOW_TERRITORIAL.includes(role) ? ["commission", "territorial"] : ["commission"]);

export class Ledger {
  constructor(origin) {
    this.origin = origin;
    this.charter = null;
    this.register = new Register();
    /** Keys by name: `{key, offices, revokedAt, suspicions}`. */
    this.keys = new Map();
    this.publics = new Map();
    this.bodies = new Map();
    this.phases = new Map();
    this.clock = null;
    /** Text hashes with the index of the statement. */
    this.texts = new Map();
  }

  /** The verifier keys that must have signed an entry, by its lines; throws what makes the statement void. */
  signersOf(entry) {
    if (entry.statement.kind === "charter") {
      const { keys, bodies = [] } = entry.statement.of;
      const own = [...keys.map((grant) => grant.key), ...bodies.flatMap((body) => body.seats)];
      return (line) => own.find((key) => key.name === line.name);
    }
    return (line) => this.keys.get(line.name)?.key;
  }

  /**
   * Takes the next statement. `wrong` is the code for which its signature lines fail, or `null`. Answers with the authority under which
   * it speaks: `{office, body, signers, place}`; throws `Void`.
   */
  apply(index, entry, wrong) {
    if (this.texts.has(entry.id)) throw new Void("duplicate");
    try {
      const authority = this.#judge(index, entry, wrong);
      this.texts.set(entry.id, index);
      return authority;
    } catch (why) {
      if (!LACKS_SIGNATURES.has(why.code)) this.texts.set(entry.id, index);
      throw why;
    }
  }

  #judge(index, entry, wrong) {
    const { kind, charter, of } = entry.statement;
    const signed = () => {
      if (wrong !== null) throw new Void(wrong);
    };
    if (kind === "charter") {
      signed();
      return this.#charter(index, entry);
    }
    if (this.charter === null) throw new Void("no_charter");
    if (charter !== this.charter.id) throw new Void("other_record");
    signed();
    const signers = entry.lines.map((line) => line.name);
    switch (kind) {
      case "body":
        return this.#body(index, of, signers);
      case "register":
        return this.#register(index, entry.id, of, signers);
      case "seal":
        return this.#seal(index, of, signers);
      case "appointment":
        return this.#appointment(of, signers);
      case "revocation":
        return this.#revocation(index, of, signers);
      case "phase": {
        const authority = this.authorise(signers, WHOLE, ALL);
        const key = `${of.poll} ${of.phase}`;
        if (!this.phases.has(key)) this.phases.set(key, index);
        return authority;
      }
      case "clock":
        return this.#tick(of.time, signers);
      case "protocol": {
        const roles = of.source.startsWith("machine") ? ["commission", "machine", "reconstruction"] : COUNTED_BY_HAND;
        return this.authorise(signers, roles, this.#station(of.station));
      }
      case "copy":
        return this.authorise(signers, ["observer", "party", "reconstruction"], this.#station(of.station));
      case "turnout":
        return this.authorise(signers, FIGURES, this.#listed(this.scope(of.of)));
      case "complaint":
      case "note":
        return this.#anywhere(signers, this.#about(of));
      case "ruling":
        return this.#ruling(of, signers);
      case "declaration":
        return this.#declaration(of, signers);
      default:
        return this.authorise(signers, ["commission", "court", "reconstruction"], ALL);
    }
  }

  // Places.

  /** The place that a scope names: everything, a unit or a station; `null` if none is listed. */
  scope(name) {
    if (name === "*") return ALL;
    if (this.register.units.has(name)) return { unit: name };
    return this.register.stations.has(name) ? { station: name } : null;
  }

  /** Whether `inner` lies within `outer`; the root unit covers everything. */
  covers(outer, inner) {
    if (outer.all) return true;
    if (outer.station !== undefined) return outer.station === inner.station;
    if (inner.all) return outer.unit === this.register.root;
    const unit = inner.unit ?? this.register.stations.get(inner.station).unit;
    return this.register.isWithin(unit, outer.unit);
  }

  #listed(place) {
    if (place === null) throw new Void("not_listed");
    return place;
  }

  #station(id) {
    return this.#listed(this.register.stations.has(id) ? { station: id } : null);
  }

  #about(of) {
    if (of.unit !== undefined) return this.#listed(this.register.units.has(of.unit) ? { unit: of.unit } : null);
    return of.station === undefined ? ALL : this.#station(of.station);
  }

  // Offices.

  /** The narrowest of the roles under which enough signers may speak for the place. */
  authorise(signers, roles, place) {
    let short = null;
    // Who files history speaks for all of it: the widest role of all, wherever it is named.
    const widest = (role) => role === "reconstruction";
    const order = [...roles].reverse().filter((role) => !widest(role));
    for (const role of [...order, ...roles.filter(widest)]) {
      const holders = signers.map((name) => [name, this.#office(name, role, place)]).filter(([, office]) => office);
      if (holders.length === 0) continue;
      if (holders.length >= (this.charter?.of.required?.get(role) ?? 1)) {
        const { scope } = this.#narrowest(holders.map(([, office]) => office));
        return { office: `${role} ${scope}`, body: null, signers: holders.map(([name]) => name), place };
      }
      short = new Void("too_few_signers");
    }
    throw short ?? new Void("no_authority");
  }

  #office(name, role, place) {
    const covering = (this.keys.get(name)?.offices ?? []).filter((own) => {
      const scope = own.role === role ? this.scope(own.scope) : null;
      return scope !== null && this.covers(scope, place);
    });
    return covering.length === 0 ? null : this.#narrowest(covering);
  }

  /** The office of the narrowest scope; of several, which all cover one place, each lies within the next. */
  #narrowest(offices) {
    return offices.reduce((best, other) =>
      best.scope !== other.scope && this.covers(this.scope(best.scope), this.scope(other.scope)) ? other : best);
  }

  /** Complaints and notes change no figure: whoever holds any office or seat may speak. */
  #anywhere(signers, place) {
    try {
      return this.authorise(signers, ROLES, place);
    } catch (why) {
      const may = signers.filter((name) => {
        const key = this.keys.get(name);
        return name !== this.charter.of.log.name && key && (key.offices.length > 0 || key.revokedAt === null);
      });
      if (may.length === 0) throw why;
      return { office: null, body: null, signers: may, place };
    }
  }

  // Keys.

  /** One name, one key. */
  #check(key) {
    const known = this.keys.get(key.name);
    const owner = this.publics.get(toHex(key.point));
    if (known === undefined ? owner !== undefined : owner !== key.name) throw new Void("name_taken");
  }

  #enter(key) {
    if (this.keys.has(key.name)) return;
    this.publics.set(toHex(key.point), key.name);
    this.keys.set(key.name, { key, offices: [], revokedAt: null, suspicions: [] });
  }

  #grant({ key, role, scope }) {
    this.#enter(key);
    const { offices } = this.keys.get(key.name);
    if (!offices.some((own) => own.role === role && own.scope === scope)) offices.push({ role, scope });
  }

  #charter(index, entry) {
    const { of } = entry.statement;
    const commission = (name) =>
      of.keys.some((grant) => grant.key.name === name && grant.role === "commission" && grant.scope === "*");
    if (!entry.lines.some((line) => commission(line.name))) throw new Void("no_charter");
    if (this.charter !== null) throw new Void("second_charter");
    if (index !== 0 || of.origin !== this.origin || of.semantics !== 1) throw new Void("no_charter");
    this.#enter(of.log);
    for (const grant of of.keys) {
      this.#check(grant.key);
      this.#grant(grant);
    }
    for (const body of of.bodies ?? []) {
      this.#checkBody(body);
      this.#enterBody(index, body);
    }
    const signers = entry.lines.map((line) => line.name);
    this.charter = { id: entry.id, of };
    return { office: null, body: null, signers, place: ALL };
  }

  #appointment({ grants }, signers) {
    let authority = null;
    const names = new Map();
    const publics = new Map();
    for (const { key, role, scope } of grants) {
      authority = this.authorise(signers, givers(role), this.scope(scope) ?? ALL);
      this.#check(key);
      const point = toHex(key.point);
      if ((names.get(key.name) ?? point) !== point || (publics.get(point) ?? key.name) !== key.name) throw new Void("name_taken");
      names.set(key.name, point);
      publics.set(point, key.name);
    }
    for (const grant of grants) this.#grant(grant);
    if (authority === null) throw new Void("no_authority");
    return authority;
  }

  #revocation(index, of, signers) {
    let authority = null;
    for (const name of of.keys) {
      const key = this.keys.get(name);
      if (key === undefined) throw new Void("no_such_key");
      authority = null;
      for (const office of key.offices) {
        authority = this.authorise(signers, givers(office.role), this.scope(office.scope) ?? ALL);
      }
      // A seat is worth more than any office that a lower hand may have given its key besides.
      if (authority === null || this.#holdsSeat(name)) authority = this.authorise(signers, ["commission"], ALL);
    }
    if (authority === null) throw new Void("no_authority");
    for (const name of of.keys) {
      const key = this.keys.get(name);
      key.offices = [];
      key.revokedAt = index;
      if (of.suspect_from !== undefined) key.suspicions.push({ from: of.suspect_from, until: index });
    }
    return authority;
  }

  /** The last revocation that throws suspicion on a statement of a key at an index; `null` if none does. */
  suspectedBy(name, index) {
    const touching = this.keys.get(name)?.suspicions.findLast(({ from, until }) => from <= index && index < until);
    return touching?.until ?? null;
  }

  #tick(time, signers) {
    const log = this.charter.of.log.name;
    if (!signers.includes(log) || this.keys.get(log).revokedAt !== null) throw new Void("no_authority");
    if (this.clock !== null && time < this.clock + 60) throw new Void("clock");
    this.clock = time;
    return { office: null, body: null, signers: [], place: ALL };
  }

  // Bodies.

  #checkBody({ seats }) {
    const names = new Set();
    const points = new Set();
    for (const seat of seats) {
      this.#check(seat);
      const point = toHex(seat.point);
      if (names.has(seat.name) || points.has(point)) throw new Void("name_taken");
      names.add(seat.name);
      points.add(point);
    }
  }

  #enterBody(index, def) {
    def.seats.forEach((seat) => this.#enter(seat));
    this.bodies.set(def.id, { ...def, seats: def.seats.map((seat) => seat.name), since: index });
  }

  /** The signers that hold seats; a key that was revoked holds none until the body is composed anew with it. */
  #seated(body, signers) {
    return signers.filter((name) => {
      const revoked = this.keys.get(name)?.revokedAt ?? null;
      return body.seats.includes(name) && (revoked === null || revoked < body.since);
    });
  }

  #holdsSeat(name) {
    return [...this.bodies.values()].some((body) => this.#seated(body, [name]).length > 0);
  }

  bodyCovers(id, place) {
    const scope = this.bodies.has(id) ? this.scope(this.bodies.get(id).scope) : null;
    return scope !== null && this.covers(scope, place);
  }

  #body(index, def, signers) {
    const old = this.bodies.get(def.id);
    let authority;
    if (old === undefined) {
      authority = this.authorise(signers, WHOLE, ALL);
    } else {
      const place = this.scope(old.scope) ?? ALL;
      const ids = [...this.bodies.keys()].sort((a, b) => (a < b ? -1 : 1));
      const speakers = ids.filter((id) => {
        const body = this.bodies.get(id);
        const may = id === def.id || (body.rank > old.rank && this.bodyCovers(id, place));
        return may && this.#seated(body, signers).length >= body.majority;
      });
      const refused = speakers.map((id) => this.#mayNotCompose(id, old, def));
      const speaks = speakers.find((_, n) => refused[n] === null);
      if (speaks === undefined) throw new Void(refused.at(-1) ?? "rival_body");
      authority = { office: null, body: speaks, signers: this.#seated(this.bodies.get(speaks), signers), place: ALL };
    }
    this.#checkBody(def);
    this.#enterBody(index, def);
    return authority;
  }

  /** Nobody gives a rank or a unit that they do not have: the code for which a body may not be composed so, or `null`. */
  #mayNotCompose(id, old, def) {
    if (def.rank > old.rank && (id === def.id || def.rank >= this.bodies.get(id).rank)) return "rank";
    // A unit that is not listed yet covers nothing now; what it will cover, only those give who speak for everything.
    const within = this.bodyCovers(id, this.scope(def.scope) ?? ALL);
    return within || def.scope === old.scope ? null : "no_authority";
  }

  /** Enough distinct seats signed. Presence that is only claimed can meet the quorum, votes never. */
  #authoriseBody(id, signers, claimed) {
    const body = this.bodies.get(id);
    if (body === undefined) throw new Void("no_such_body");
    const seats = this.#seated(body, signers);
    if (seats.length === 0) throw new Void("rival_body");
    if (seats.length < body.majority) throw new Void("no_majority");
    if (Math.max(claimed ?? 0, seats.length) < body.quorum) throw new Void("no_quorum");
    const place = this.scope(body.scope);
    if (place === null) throw new Void("no_authority");
    return { office: null, body: id, signers: seats, place };
  }

  #ruling(of, signers) {
    // Who speaks is asked before of what: otherwise a stranger could spend the text of a ruling that is still to come.
    const authority =
      of.by === undefined ? this.authorise(signers, ["reconstruction"], ALL) : this.#authoriseBody(of.by, signers, of.claimed?.present);
    const places = of.effects.flatMap((effect) => {
      if (effect.do === "correct") return [this.#station(effect.station)];
      if (["recount", "repeat", "annul"].includes(effect.do)) return [this.#about(effect)];
      return ["admit", "withhold", "replace"].includes(effect.do) ? [ALL] : [];
    });
    if (of.by !== undefined && !places.every((place) => this.covers(authority.place, place))) throw new Void("no_authority");
    return authority;
  }

  #declaration(of, signers) {
    let authority;
    try {
      authority = this.#authoriseBody(of.by, signers, null);
    } catch (why) {
      if (why.code !== "no_such_body") throw why;
      try {
        authority = this.authorise(signers, ["reconstruction"], ALL);
      } catch {
        throw why;
      }
    }
    const unit = this.#listed(this.register.units.has(of.unit) ? { unit: of.unit } : null);
    if (!this.covers(authority.place, unit)) throw new Void("no_authority");
    return { ...authority, place: unit };
  }

  // The register.

  #register(index, id, of, signers) {
    const authority = this.authorise(signers, WHOLE, ALL);
    this.register.check([of]);
    if (this.#comesLate(of)) this.register.late.set(index, of);
    else this.register.append(of.poll, id, of);
    return authority;
  }

  /**
   * Whether polling has opened where these rows would change something: in their own poll or a later one, which takes over what it does
   * not name itself; and in any poll for units, stations and parts, which all polls share.
   */
  #comesLate(of) {
    const shared = of.rows.some((row) => this.register.changesPlaces(row));
    const opened = [...this.phases.keys()].map((key) => key.split(" ")).filter(([, phase]) => phase === "polling_opened");
    return opened.some(([poll]) => shared || Number(poll) >= of.poll);
  }

  #seal(index, of, signers) {
    const authority = this.authorise(signers, WHOLE, ALL);
    const due = this.register.sealOf(of.poll);
    if (Object.keys(due).some((name) => due[name] !== of[name])) throw new Void("seal");
    this.register.seals.set(of.poll, index);
    return authority;
  }
}
