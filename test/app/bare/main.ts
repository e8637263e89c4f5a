import { connect } from "../../../app/session/connect.ts";
import * as endmember from "../../../src/index.ts";

// A page with nothing but a session, for tests to call.
Object.assign(window, { connect, endmember });
