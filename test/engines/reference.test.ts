import { onReference } from "../../src/engines/reference.ts";
import { conformance } from "./conformance.ts";

conformance("reference", onReference);
