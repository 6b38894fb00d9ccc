// Made by `npm run api:types` from docs/reference/openapi.json. Do not edit.
export interface paths {
    "/api/v1/cameras": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Cameras
         * @description All cameras with their health, worst first.
         */
        get: operations["listCameras"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cameras/{camera_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Camera
         * @description One camera with its health.
         */
        get: operations["readCamera"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cameras/{camera_id}/preview.mjpeg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream Camera Preview
         * @description Pictures of the camera as they come, with boxes. Ends soon after the session does.
         */
        get: operations["streamCameraPreview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cameras/{camera_id}/still.jpg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Camera Still
         * @description Newest picture of the camera, with boxes.
         */
        get: operations["readCameraStill"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Events
         * @description Events, newest first.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{event_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Event
         * @description One event; the header `ETag` is its version, for `If-Match`.
         */
        get: operations["readEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{event_id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide Event
         * @description Confirms or rejects an event. With `If-Match`, only if nobody decided in between.
         */
        post: operations["decideEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{event_id}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Hold Event
         * @description Puts an event on hold: it and its evidence are not deleted. One that is on hold stays as it is.
         */
        put: operations["holdEvent"];
        post?: never;
        /**
         * Lift Hold
         * @description Takes the hold off. The access log keeps who did it, and why.
         */
        delete: operations["liftHold"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{event_id}/media/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Media
         * @description One file of the event's package. Ranges are answered with 206.
         */
        get: operations["readMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{event_id}/still.jpg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Still
         * @description The picture at the finding; here before the package is sealed.
         */
        get: operations["readStill"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream Events
         * @description Changes as they happen: `event`, `evidence`, `decision` carry an EventView, `camera` and `node` their views.
         *
         *     The first message has only an `id`: what is committed after it will come. So open the stream, then load the list.
         *     `reset` says that too much was missed: load anew.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/evidence/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Ask Evidence
         * @description 200 when the whole file is here, else 404 with how many bytes are.
         */
        head: operations["askEvidence"];
        /**
         * Send Evidence
         * @description Adds a piece at `Upload-Offset`; 201 when it was the last one and the hash fits.
         */
        patch: operations["sendEvidence"];
        trace?: never;
    };
    "/api/v1/gaps/acknowledgement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge Gap
         * @description Says that missing records will not come, and why; kept with the gap and in the access log.
         *
         *     404 `not-found` when nothing is missing (any more) between these numbers.
         */
        post: operations["acknowledgeGap"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Nodes
         * @description Nodes of which a camera may be seen, by name.
         */
        get: operations["listNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/{node}/cameras/{camera}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Send Preview
         * @description Newest picture of a camera. `X-Watched: 1` asks for more of them.
         */
        put: operations["sendPreview"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everybody
         * @description All people by user name.
         */
        get: operations["listPeople"];
        put?: never;
        /**
         * Invite
         * @description Makes a person, with a one-time address where he sets his own password.
         */
        post: operations["invitePerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{person_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change
         * @description Changes name, role or cameras, or switches somebody on or off; it counts from his next request on.
         */
        patch: operations["changePerson"];
        trace?: never;
    };
    "/api/v1/people/{person_id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * New Link
         * @description Another one-time address, for a lost password or a lost link; the one before stops working.
         */
        post: operations["newPersonLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept
         * @description Sets the invited person's password and signs him in.
         */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Session Now
         * @description Who is signed in, and what unsafe requests must send along.
         */
        get: operations["currentSession"];
        put?: never;
        /**
         * Sign In
         * @description Starts a session; the cookie and the token are the same one.
         */
        post: operations["signIn"];
        /**
         * Sign Out
         * @description Ends the session.
         */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Password
         * @description Sets another password and ends the person's other sessions.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Setup Needed
         * @description Whether nobody exists yet.
         */
        get: operations["setupNeeded"];
        put?: never;
        /**
         * Set Up
         * @description Makes the first admin and signs him in.
         */
        post: operations["setUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Health
         * @description The process lives and its loop turns.
         */
        get: operations["readHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Metrics
         * @description Figures for Prometheus.
         */
        get: operations["readMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Readiness
         * @description Whether database, bus and disk are as they must be; 503 with reasons.
         */
        get: operations["readReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Accept
         * @description An invited person's own password, with his one-time link's token.
         */
        Accept: {
            /**
             * Password
             * Format: password
             */
            password: string;
            /**
             * Token
             * Format: password
             */
            token: string;
        };
        /**
         * AcknowledgementView
         * @description Who said that these records will not come, and why.
         */
        AcknowledgementView: {
            /** At */
            at: string;
            /** By */
            by: string;
            /** Reason */
            reason: string;
        };
        /**
         * CameraList
         * @description All cameras that may be seen, worst first.
         */
        CameraList: {
            /** Items */
            items: components["schemas"]["CameraView"][];
        };
        /**
         * CameraRef
         * @description Camera of an event; the name is what people call it now.
         */
        CameraRef: {
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * CameraState
         * @description `online` frames flow and look sane; `degraded` they flow with a fault; `offline` none; `starting` none yet.
         * @enum {string}
         */
        CameraState: "starting" | "online" | "degraded" | "offline";
        /**
         * CameraView
         * @description A camera: what its node last reported, and what the centre adds.
         */
        CameraView: {
            /**
             * Address
             * @description without credentials
             */
            address: string;
            /**
             * Analysed Fps
             * @description judged frames per second over the last 5 s
             * @default 0
             */
            analysed_fps: number;
            /**
             * Black
             * @default false
             */
            black: boolean;
            /** Camera */
            camera: string;
            /**
             * Codec
             * @default
             */
            codec: string;
            /**
             * Counts Today
             * @description line id: direction: how many crossed
             */
            counts_today: {
                [key: string]: {
                    [key: string]: number;
                };
            };
            /**
             * Detail
             * @description one English sentence: what is wrong and what to do; no credentials
             * @default
             */
            detail: string;
            /**
             * Dropped
             * @description frames passed over because analysis was busy
             * @default 0
             */
            dropped: number;
            events_today: components["schemas"]["DayCounts"];
            /**
             * Fps
             * @description decoded frames per second over the last 5 s
             * @default 0
             */
            fps: number;
            /**
             * Frame Age P95 S
             * @description 95 of 100 frames of the last 10 s were judged this old at most, by event time
             */
            frame_age_p95_s: number | null;
            /**
             * Frames
             * @default 0
             */
            frames: number;
            /**
             * Frozen
             * @default false
             */
            frozen: boolean;
            /**
             * Gaps
             * @description holes in PTS: lost packets or a jump
             * @default 0
             */
            gaps: number;
            /**
             * Height
             * @default 0
             */
            height: number;
            /**
             * Last Frame Age S
             * @description seconds since the newest frame's time
             */
            last_frame_age_s: number | null;
            /** Last Frame At */
            last_frame_at: string | null;
            /** Latitude */
            latitude: number | null;
            /** Longitude */
            longitude: number | null;
            /** Name */
            name: string;
            /** Node */
            node: string;
            /** Node Seen At */
            node_seen_at: string | null;
            /** @default none */
            reason: components["schemas"]["Reason"];
            /**
             * Reconnects
             * @default 0
             */
            reconnects: number;
            /**
             * Scene Is Default
             * @description nobody has drawn a scene for this camera yet
             * @default false
             */
            scene_is_default: boolean;
            /**
             * Scene Version
             * @default 0
             */
            scene_version: number;
            /**
             * Since
             * @description start of the present state
             */
            since: string;
            state: components["schemas"]["CameraState"];
            time_quality: components["schemas"]["TimeQuality"] | null;
            /**
             * Wanted Fps
             * @description what the scene needed per second over the last 10 s, as far as the camera sent it
             * @default 0
             */
            wanted_fps: number;
            /**
             * Width
             * @default 0
             */
            width: number;
        };
        /**
         * DayCounts
         * @description Events since the day began.
         */
        DayCounts: {
            /**
             * Count
             * @default 0
             */
            count: number;
            /**
             * Incident
             * @default 0
             */
            incident: number;
            /**
             * Violation
             * @default 0
             */
            violation: number;
        };
        /**
         * DecisionRequest
         * @description What a person decides about an event.
         */
        DecisionRequest: {
            /**
             * Decision
             * @enum {string}
             */
            decision: "confirmed" | "rejected";
            /** Reason */
            reason?: string | null;
        };
        /**
         * DecisionView
         * @description What holds for an event, and who said so.
         */
        DecisionView: {
            /** At */
            at: string;
            /** By */
            by: string;
            /**
             * Decision
             * @enum {string}
             */
            decision: "confirmed" | "rejected";
            /** Reason */
            reason: string | null;
        };
        /**
         * EventData
         * @description What the event was judged on.
         */
        EventData: {
            /**
             * Box
             * @description x1, y1, x2, y2 at `judged_at`, normalised
             */
            box: [
                number,
                number,
                number,
                number
            ] | null;
            /** Camera */
            camera: string;
            /**
             * Facts
             * @description rule's own figures: dwell_s, direction, …
             */
            facts: {
                [key: string]: unknown;
            };
            image: components["schemas"]["ImageSize"];
            /**
             * Judged At
             * @description event time at which the rule was certain
             */
            judged_at: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "violation" | "incident" | "count";
            /** Model Sha256 */
            model_sha256: string | null;
            /** Node */
            node: string;
            /**
             * Path
             * @description ground points up to the finding, oldest first
             * @default []
             */
            path: components["schemas"]["PathPoint"][];
            /** @description ground position at `judged_at` */
            position: components["schemas"]["GroundPosition"] | null;
            rule: components["schemas"]["RuleRef"];
            /** Scene Version */
            scene_version: number;
            /**
             * Signals
             * @description signal history it was judged on, oldest first
             * @default []
             */
            signals: components["schemas"]["SignalSeen"][];
            /** @description speed it was judged on */
            speed: components["schemas"]["SpeedRef"] | null;
            /**
             * Still Sha256
             * @description picture at the finding (JPEG); follows at once, before the package is closed
             */
            still_sha256: string | null;
            time_quality: components["schemas"]["TimeQuality"];
            track: components["schemas"]["TrackRef"] | null;
            /**
             * Where
             * @description id of the line or zone it happened at
             */
            where: string | null;
        };
        /**
         * EventPage
         * @description Some events, newest first; `next` goes into `cursor` for those before them.
         */
        EventPage: {
            /** Items */
            items: components["schemas"]["EventView"][];
            /** Next */
            next: string | null;
        };
        /**
         * EventView
         * @description One event as people see it.
         */
        EventView: {
            camera: components["schemas"]["CameraRef"];
            data: components["schemas"]["EventData"];
            decision: components["schemas"]["DecisionView"] | null;
            evidence: components["schemas"]["EvidenceView"];
            hold: components["schemas"]["HoldView"] | null;
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "violation" | "incident" | "count";
            /**
             * Law
             * @description violations: what the act may cost, the likeliest first; a person chooses
             * @default []
             */
            law: components["schemas"]["ProvisionView"][];
            /** Node */
            node: string;
            /** Received At */
            received_at: string;
            /** Rule */
            rule: string;
            /** Rule Version */
            rule_version: number;
            /** Sequence */
            sequence: number;
            /**
             * State
             * @enum {string}
             */
            state: "new" | "confirmed" | "rejected";
            /** Still Url */
            still_url: string | null;
            /** Time */
            time: string;
            /** Type */
            type: string;
            /** Version */
            version: number;
        };
        /**
         * EvidenceFileView
         * @description One file of a package. `url` is null while the file is on its way.
         */
        EvidenceFileView: {
            /** Derived From */
            derived_from: string | null;
            /** Media Type */
            media_type: string;
            /** Name */
            name: string;
            /** Role */
            role: string;
            /** Sha256 */
            sha256: string;
            /** Size */
            size: number;
            /** Url */
            url: string | null;
        };
        /**
         * EvidenceView
         * @description Evidence package of an event. `verified` is what the centre itself checked: every hash and the signature.
         */
        EvidenceView: {
            /**
             * Files
             * @default []
             */
            files: components["schemas"]["EvidenceFileView"][];
            /** Manifest Sha256 */
            manifest_sha256: string | null;
            /**
             * Notes
             * @default []
             */
            notes: string[];
            /** Problem */
            problem: string | null;
            /** Signed By */
            signed_by: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "none" | "on_its_way" | "complete" | "incomplete";
            /** Verified */
            verified: boolean | null;
        };
        /**
         * FieldProblem
         * @description One thing that is wrong with what was sent.
         */
        FieldProblem: {
            /** Message */
            message: string;
            /**
             * Where
             * @description query.limit, body.decision, …
             */
            where: string;
        };
        /**
         * GapAcknowledgement
         * @description These numbers of a node's outbox will not come, and nobody need be told again.
         */
        GapAcknowledgement: {
            /** First */
            first: number;
            /** Last */
            last: number;
            /** Node */
            node: string;
            /** Outbox */
            outbox: string;
            /** Reason */
            reason: string;
        };
        /**
         * GapView
         * @description Records that a node numbered and that did not come. `closed_at`: they came late, it is over.
         */
        GapView: {
            acknowledged: components["schemas"]["AcknowledgementView"] | null;
            /** Closed At */
            closed_at: string | null;
            /** First */
            first: number;
            /** Last */
            last: number;
            /**
             * Outbox
             * @description life of the node's outbox whose numbers these are
             */
            outbox: string;
            /**
             * Since
             * @description when they were first found missing
             */
            since: string;
        };
        /**
         * GroundPosition
         * @description Where on the ground the road user was at `judged_at`; only where the scene has a good calibration.
         */
        GroundPosition: {
            /**
             * Latitude
             * @description WGS 84, when control points were
             */
            latitude: number | null;
            /**
             * Longitude
             * @description WGS 84, when control points were
             */
            longitude: number | null;
            /**
             * Metres
             * @description [x, y] in the scene's plane: east, north
             */
            metres: [
                number,
                number
            ];
        };
        /**
         * HealthView
         * @description The process lives.
         */
        HealthView: {
            /**
             * Status
             * @default alive
             * @constant
             */
            status: "alive";
        };
        /**
         * HoldRequest
         * @description Why an event must stay.
         */
        HoldRequest: {
            /** Reason */
            reason: string;
        };
        /**
         * HoldView
         * @description A legal hold: neither the event nor its evidence is deleted, whatever its age.
         */
        HoldView: {
            /** At */
            at: string;
            /** By */
            by: string;
            /** Reason */
            reason: string;
        };
        /**
         * ImageSize
         * @description Size of the decoded picture, pixels.
         */
        ImageSize: {
            /** Height */
            height: number;
            /** Width */
            width: number;
        };
        /**
         * InvitedView
         * @description A new person and his link.
         */
        InvitedView: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Link */
            link: string;
            person: components["schemas"]["PersonView"];
        };
        /**
         * LinkView
         * @description A one-time address to hand over. It is shown this once.
         */
        LinkView: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Link */
            link: string;
        };
        /**
         * NewPerson
         * @description Somebody who shall work here. Cameras: null for all of them.
         */
        NewPerson: {
            /** Cameras */
            cameras?: string[] | null;
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
            /** Username */
            username: string;
        };
        /**
         * NewSessionView
         * @description A session that was just started; the token is shown this once.
         */
        NewSessionView: {
            /**
             * Csrf
             * @description send it as X-CSRF-Token with every unsafe request
             */
            csrf: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            person: components["schemas"]["PersonView"];
            /** Token */
            token: string;
        };
        /**
         * NodeList
         * @description All nodes that may be seen, by name.
         */
        NodeList: {
            /** Items */
            items: components["schemas"]["NodeView"][];
        };
        /**
         * NodeView
         * @description An edge node, and what is wrong with it.
         */
        NodeView: {
            /**
             * Faults
             * @description what the node itself says it lacks
             */
            faults: string[];
            /**
             * Gaps
             * @description oldest first, the first 100; closed ones for a day
             */
            gaps: components["schemas"]["GapView"][];
            /** Key Problem */
            key_problem: string | null;
            /** Last Sequence */
            last_sequence: number;
            /**
             * Missing
             * @description records missing for over a minute that nobody acknowledged
             */
            missing: number;
            /** Node */
            node: string;
            /** Outbox Bytes */
            outbox_bytes: number;
            /** Outbox Pending */
            outbox_pending: number;
            /** Seen At */
            seen_at: string;
            /** Silent */
            silent: boolean;
            /** Started At */
            started_at: string | null;
            /** Version */
            version: string;
        };
        /**
         * PasswordChange
         * @description The password so far, and the one from now on.
         */
        PasswordChange: {
            /**
             * New
             * Format: password
             */
            new: string;
            /**
             * Old
             * Format: password
             */
            old: string;
        };
        /**
         * PathPoint
         * @description Ground point of the track at a moment; offset in seconds from the event time.
         */
        PathPoint: {
            /** Offset S */
            offset_s: number;
            /**
             * X
             * @description share of the picture's width or height
             */
            x: number;
            /**
             * Y
             * @description share of the picture's width or height
             */
            y: number;
        };
        /**
         * PeoplePage
         * @description Everybody.
         */
        PeoplePage: {
            /** Items */
            items: components["schemas"]["PersonView"][];
        };
        /**
         * Permission
         * @description One thing that may be done, `resource:action`.
         * @enum {string}
         */
        Permission: "event:read" | "camera:read" | "media:read" | "violation:decide" | "incident:decide" | "event:hold" | "gap:acknowledge" | "node:manage" | "person:manage";
        /**
         * PersonChange
         * @description What is to change; what is left out stays. Cameras: null for all of them.
         */
        PersonChange: {
            /** Active */
            active?: boolean | null;
            /** Cameras */
            cameras?: string[] | null;
            /** Name */
            name?: string | null;
            role?: components["schemas"]["Role"] | null;
        };
        /**
         * PersonView
         * @description A person.
         */
        PersonView: {
            /** Active */
            active: boolean;
            /**
             * Cameras
             * @description ids of the cameras he may see; null: all of them
             */
            cameras: string[] | null;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Permissions
             * @description what his role may do, for showing and hiding buttons
             */
            permissions: components["schemas"]["Permission"][];
            role: components["schemas"]["Role"];
            /** Username */
            username: string;
        };
        /**
         * ProblemView
         * @description Problem document (RFC 9457).
         */
        ProblemView: {
            /**
             * Detail
             * @default
             */
            detail: string;
            /** Errors */
            errors?: components["schemas"]["FieldProblem"][] | null;
            /** Instance */
            instance?: string | null;
            /** Status */
            status: number;
            /** Title */
            title: string;
            /** Type */
            type: string;
        };
        /**
         * ProvisionView
         * @description A provision of the law that held at the moment of the act. `verified` false: show it as to be verified.
         */
        ProvisionView: {
            /** Condition En */
            condition_en: string;
            /**
             * Condition Vi
             * @description what a person must check beside; empty: nothing
             */
            condition_vi: string;
            /** Currency */
            currency: string;
            /** En */
            en: string;
            /** Fine Default */
            fine_default: number;
            /** Fine Max */
            fine_max: number;
            /** Fine Min */
            fine_min: number;
            /** Instrument */
            instrument: string;
            /** Note En */
            note_en: string;
            /** Note Vi */
            note_vi: string;
            /** Points */
            points: number;
            /**
             * Ref
             * @description article.clause.point, such as 6.9.b
             */
            ref: string;
            /** Title En */
            title_en: string;
            /** Title Vi */
            title_vi: string;
            /** Verified */
            verified: boolean;
            /** Vi */
            vi: string;
        };
        /**
         * ReadyView
         * @description Whether the centre can do its work; `reasons` say what is missing.
         */
        ReadyView: {
            /** Ready */
            ready: boolean;
            /** Reasons */
            reasons: string[];
        };
        /**
         * Reason
         * @description Why a camera is not well. The dashboard has words for each in each language.
         * @enum {string}
         */
        Reason: "none" | "connecting" | "bad_address" | "name_not_found" | "refused" | "unreachable" | "timeout" | "wrong_password" | "not_found" | "not_rtsp" | "no_video" | "codec" | "stalled" | "ended" | "corrupt" | "packet_loss" | "resolution_changed" | "black" | "frozen" | "file_missing" | "runs_twice" | "node_silent" | "internal";
        /**
         * Role
         * @description What a person is at the centre.
         * @enum {string}
         */
        Role: "officer" | "operator" | "engineer" | "admin";
        /**
         * RuleRef
         * @description Rule that made the finding: its id is also the file name, the i18n key and the docs heading.
         */
        RuleRef: {
            /** Id */
            id: string;
            /** Version */
            version: number;
        };
        /**
         * SessionView
         * @description The session of this request.
         */
        SessionView: {
            /**
             * Csrf
             * @description send it as X-CSRF-Token with every unsafe request
             */
            csrf: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            person: components["schemas"]["PersonView"];
        };
        /**
         * SetUp
         * @description The first admin, with the one-time link's token.
         */
        SetUp: {
            /** Name */
            name: string;
            /**
             * Password
             * Format: password
             */
            password: string;
            /**
             * Token
             * Format: password
             */
            token: string;
            /** Username */
            username: string;
        };
        /**
         * SetupView
         * @description Whether the first admin is still to be made.
         */
        SetupView: {
            /** Needed */
            needed: boolean;
        };
        /**
         * SignalSeen
         * @description A signal head was in a state; offsets in seconds from the event time.
         */
        SignalSeen: {
            /** Head */
            head: string;
            /** Since S */
            since_s: number;
            /**
             * State
             * @enum {string}
             */
            state: "red" | "red_yellow" | "yellow" | "green" | "flashing_yellow" | "off" | "unknown";
            /**
             * Until S
             * @description none: it still was when judged
             */
            until_s: number | null;
        };
        /**
         * SignIn
         * @description A user name and its password.
         */
        SignIn: {
            /**
             * Password
             * Format: password
             */
            password: string;
            /** Username */
            username: string;
        };
        /**
         * SpeedRef
         * @description Measured speed with its expanded uncertainty (k=2).
         */
        SpeedRef: {
            /** Kmh */
            kmh: number;
            /**
             * Method
             * @description screening: by this camera alone, no verified device; section: between gates
             * @default screening
             * @enum {string}
             */
            method: "screening" | "section";
            /**
             * Uncertainty Kmh
             * @description U, k=2: the true speed is within ±U in about 95 of 100 cases
             */
            uncertainty_kmh: number;
            /**
             * Window S
             * @description event time it was measured over
             */
            window_s: number;
        };
        /**
         * TimeQuality
         * @description How the event time was taken, and how far off it may be.
         */
        TimeQuality: {
            /**
             * Source
             * @description rtcp: camera's sender reports; arrival: fitted to PTS; file: PTS
             * @enum {string}
             */
            source: "rtcp" | "arrival" | "file";
            /** Uncertainty Ms */
            uncertainty_ms: number;
        };
        /**
         * TrackRef
         * @description Road user the event is about.
         */
        TrackRef: {
            /** Class Name */
            class_name: string;
            /** Confidence */
            confidence: number;
            /** Id */
            id: string;
            /**
             * Riders
             * @description people on a motorcycle or bicycle
             * @default 0
             */
            riders: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listCameras: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CameraList"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    readCamera: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CameraView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    streamCameraPreview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "multipart/x-mixed-replace": string;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    readCameraStill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                camera_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                camera?: string[] | null;
                cursor?: string | null;
                /** @description not before this time, with zone */
                from?: string | null;
                kind?: ("violation" | "incident" | "count")[] | null;
                limit?: number;
                rule?: string[] | null;
                state?: ("new" | "confirmed" | "rejected")[] | null;
                /** @description before this time, with zone */
                to?: string | null;
                type?: string[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    readEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    decideEvent: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Precondition Failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    holdEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoldRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    liftHold: {
        parameters: {
            query: {
                /** @description why it need not stay any more */
                reason: string;
            };
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    readMedia: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Requested Range Not Satisfiable */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    readStill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /** @description as the header, for who cannot set one */
                last_event_id?: string | null;
            };
            header?: {
                "last-event-id"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    askEvidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    sendEvidence: {
        parameters: {
            query?: never;
            header: {
                "upload-length": number;
                "upload-offset": number;
            };
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file is complete and its hash fits */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    acknowledgeGap: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GapAcknowledgement"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    listNodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeList"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    sendPreview: {
        parameters: {
            query?: never;
            header: {
                "x-captured-at": string;
            };
            path: {
                camera: string;
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    listPeople: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeoplePage"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    invitePerson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPerson"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitedView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    changePerson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    newPersonLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Accept"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewSessionView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    currentSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewSessionView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    setupNeeded: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupView"];
                };
            };
        };
    };
    setUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUp"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewSessionView"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemView"];
                };
            };
        };
    };
    readHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthView"];
                };
            };
        };
    };
    readMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyView"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyView"];
                };
            };
        };
    };
}
