/** Made by `npm run generate:api` of the desk's OpenAPI document. */
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process runs */
        get: operations["getHealth"];
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
        /** Requests can be served */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who I am, and what I may do
         * @description Scope: `self.read`.
         */
        get: operations["getV1Me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/directory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Names of all people, for who chooses or reads one
         * @description Scope: `self.read`.
         */
        get: operations["getV1Directory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * People
         * @description Scope: `people.read`.
         */
        get: operations["getV1People"];
        put?: never;
        /**
         * Add a person
         * @description Scope: `people.manage`.
         */
        post: operations["postV1People"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{id}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change what a person may do; the last administrator stays one
         * @description Scope: `people.manage`.
         */
        put: operations["putV1PeopleIdRoles"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{id}/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new token; earlier ones stop working
         * @description An administrator's does administration only where it was made in a session, and lasts 90 days where not said. Others last until they are renewed.
         *
         *     Scope: `people.manage`.
         */
        post: operations["postV1PeopleIdToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My passkeys
         * @description Scope: `self.enrol`.
         */
        get: operations["getV1MePasskeys"];
        put?: never;
        /**
         * Keep a new passkey; my other sessions end
         * @description Scope: `self.enrol`.
         */
        post: operations["postV1MePasskeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a new passkey
         * @description Scope: `self.enrol`.
         */
        post: operations["postV1MePasskeysOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a passkey of mine
         * @description Scope: `self.read`.
         */
        delete: operations["deleteV1MePasskeysId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether I have a password
         * @description Scope: `self.enrol`.
         */
        get: operations["getV1MePassword"];
        put?: never;
        /**
         * Begin to set password and authenticator
         * @description Scope: `self.enrol`.
         */
        post: operations["postV1MePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/password/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set password and authenticator; my other sessions end
         * @description Scope: `self.enrol`.
         */
        post: operations["postV1MePasswordConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My open sessions
         * @description Scope: `self.read`.
         */
        get: operations["getV1MeSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session of mine
         * @description Scope: `self.read`.
         */
        delete: operations["deleteV1MeSessionsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End this session
         * @description Scope: `self.enrol`.
         */
        post: operations["postV1SignOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which ways to sign in are configured */
        get: operations["getV1SignIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to sign in with a passkey */
        post: operations["postV1SignInPasskeyOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with a passkey */
        post: operations["postV1SignInPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with password and code */
        post: operations["postV1SignInPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Come in by an invitation, once, to set a passkey or a password */
        post: operations["postV1SignInInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/company": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sign in by the company's own sign-on: sends the browser there */
        get: operations["getV1SignInCompany"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/company/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the company's sign-on sends the browser back to */
        get: operations["getV1SignInCompanyCallback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/departments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Departments
         * @description Scope: `organisation.read`.
         */
        get: operations["getV1Departments"];
        put?: never;
        /**
         * Add a department
         * @description Scope: `organisation.manage`.
         */
        post: operations["postV1Departments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/departments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a department
         * @description Scope: `organisation.manage`.
         */
        put: operations["putV1DepartmentsId"];
        post?: never;
        /**
         * Remove a department in which nobody and nothing is
         * @description Scope: `organisation.manage`.
         */
        delete: operations["deleteV1DepartmentsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A person
         * @description Scope: `people.read`.
         */
        get: operations["getV1PeopleId"];
        /**
         * Change name, login, department and title
         * @description Scope: `people.manage`.
         */
        put: operations["putV1PeopleId"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{id}/superiors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who heads the department of a person, and who of the leadership is responsible for it
         * @description Scope: `self.read`.
         */
        get: operations["getV1PeopleIdSuperiors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{id}/enrolments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * On which devices a person is enrolled, by finger or passcode
         * @description Scope: `self.read`.
         */
        get: operations["getV1PeopleIdEnrolments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{id}/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite a person to set a passkey or a password; an earlier invitation ends
         * @description Scope: `people.manage`.
         */
        post: operations["postV1PeopleIdInvitation"];
        /**
         * Take an invitation back
         * @description Scope: `people.manage`.
         */
        delete: operations["deleteV1PeopleIdInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{id}/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a person signs in, and their open sessions
         * @description Scope: `people.read`.
         */
        get: operations["getV1PeopleIdSignIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{id}/passkeys/{passkey}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a passkey of a person
         * @description Scope: `people.manage`.
         */
        delete: operations["deleteV1PeopleIdPasskeysPasskey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove password, authenticator and recovery codes of a person
         * @description Scope: `people.manage`.
         */
        delete: operations["deleteV1PeopleIdPassword"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End every session of a person
         * @description Scope: `people.manage`.
         */
        delete: operations["deleteV1PeopleIdSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the organisation has settled
         * @description Scope: `organisation.read`.
         */
        get: operations["getV1Settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settings/reminders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * When approvers are reminded, and to whom a step goes that nobody decides (催办与升级)
         * @description Scope: `organisation.manage`.
         */
        put: operations["putV1SettingsReminders"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settings/papers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * What has to come back after a use, and when its applicant is reminded (回报与归档)
         * @description Of the sheets, what is not said stays as it is.
         *
         *     Scope: `organisation.manage`.
         */
        put: operations["putV1SettingsPapers"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settings/signatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Who must sign electronically, with a passkey (电子签名)
         * @description What is not said stays as it is.
         *
         *     Scope: `organisation.manage`.
         */
        put: operations["putV1SettingsSignatures"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/security-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign-ins, refusals, limits reached and confidential content that was read, newest first
         * @description Scope: `security.read`.
         */
        get: operations["getV1SecurityEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to my account and to what I approved, the newest 50 and of each kind the newest 3
         * @description Scope: `self.read`.
         */
        get: operations["getV1MeNotices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/notices/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * I have seen what I was told, up to this notice
         * @description Scope: `self.read`.
         */
        post: operations["postV1MeNoticesSeen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Devices
         * @description Scope: `cards.read`.
         */
        get: operations["getV1Devices"];
        put?: never;
        /**
         * Register a device
         * @description Scope: `cards.manage`.
         */
        post: operations["postV1Devices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke every permit of a device
         * @description Scope: `devices.revoke`.
         */
        post: operations["postV1DevicesIdRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}/enrolments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is enrolled on a device
         * @description Scope: `cards.read`.
         */
        get: operations["getV1DevicesIdEnrolments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}/enrolments/{person}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Note the number of a person on a device
         * @description Scope: `cards.manage`.
         */
        put: operations["putV1DevicesIdEnrolmentsPerson"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}/enrolments/{person}/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the signature of an enrolment that I note
         * @description What is sent with it as `signed` must say the same.
         *
         *     Scope: `cards.manage`.
         */
        post: operations["postV1DevicesIdEnrolmentsPersonOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Seals
         * @description Scope: `cards.read`.
         */
        get: operations["getV1Seals"];
        put?: never;
        /**
         * Register a seal
         * @description Scope: `cards.manage`.
         */
        post: operations["postV1Seals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A seal
         * @description Scope: `cards.read`.
         */
        get: operations["getV1SealsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/approvers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change who approves
         * @description Scope: `cards.manage`.
         */
        put: operations["putV1SealsIdApprovers"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/approvers/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the signature of who approves from now on
         * @description What is sent with it as `signed` must say the same.
         *
         *     Scope: `cards.manage`.
         */
        post: operations["postV1SealsIdApproversOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand in a document (PDF, PNG or JPEG) as multipart part "document"
         * @description Scope: `documents.add`.
         */
        post: operations["postV1Documents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/photographed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand in photographed pages as one document
         * @description Up to 20 photos (JPEG, PNG, WebP) as parts "page", in their order; each is straightened where its sheet is found.
         *
         *     Scope: `documents.add`.
         */
        post: operations["postV1DocumentsPhotographed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A document
         * @description Scope: `documents.read`.
         */
        get: operations["getV1DocumentsSha256"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{sha256}/pages/{page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Picture of a page
         * @description PNG as large as it was drawn; with a width, WebP at most that wide, to be read on a screen.
         *
         *     Scope: `documents.read`.
         */
        get: operations["getV1DocumentsSha256PagesPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{sha256}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The document as it was handed in
         * @description Scope: `documents.read`.
         */
        get: operations["getV1DocumentsSha256Content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Applications this person may see, newest first
         * @description Scope: `applications.read`.
         */
        get: operations["getV1Applications"];
        put?: never;
        /**
         * Apply, as JSON or as a form with the document
         * @description As a form, each field is a part (numbers, lists and objects as JSON text), and the document is a part `document` with a file name, in place of its hash.
         *
         *     Scope: `applications.add`.
         */
        post: operations["postV1Applications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An application with its permits
         * @description Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsId"];
        /**
         * Change a draft
         * @description Scope: `applications.add`.
         */
        put: operations["putV1ApplicationsId"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit a draft
         * @description Scope: `applications.add`.
         */
        post: operations["postV1ApplicationsIdSubmit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an application back; unused strokes are revoked
         * @description Scope: `applications.add`.
         */
        post: operations["postV1ApplicationsIdWithdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits for my decision (任务池)
         * @description Scope: `applications.decide`.
         */
        get: operations["getV1Tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What I decided, or somebody in my place, newest first, and what became of it
         * @description Scope: `applications.decide`.
         */
        get: operations["getV1Decisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Decisions so far
         * @description Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsIdDecisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve the step that is due; fewer strokes, a shorter window, a smaller place and more persons are possible
         * @description Scope: `applications.decide`.
         */
        post: operations["postV1ApplicationsIdApprove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refuse, with a reason
         * @description Scope: `applications.decide`.
         */
        post: operations["postV1ApplicationsIdRefuse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{id}/strokes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Grant one stroke on the page in this photo
         * @description The number is the one that stands on the display of the unit: whoever is there reads it out, and it must be that of the photo. So nobody grants a stroke by a photo that a bridge has kept, or that is of another page than the one in the tray.
         *
         *     Scope: `uses.grant`.
         */
        post: operations["postV1PermitsIdStrokes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Strokes of an application, newest first
         * @description Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsIdUses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/photos/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A photo taken under a permit of an application
         * @description Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsIdPhotosDigest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{id}/photos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Photos of pages under a permit, newest first, for who grants strokes on them
         * @description Without the numbers that stand on the display of the unit: those are read out there, and prove that the photo is of now.
         *
         *     Scope: `uses.grant`.
         */
        get: operations["getV1PermitsIdPhotos"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/lately": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the seal of an application was used for lately, for who decides on it
         * @description Scope: `applications.decide`.
         */
        get: operations["getV1ApplicationsIdLately"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scopes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What each kind of seal is used for (用印范围)
         * @description Scope: `cards.read`.
         */
        get: operations["getV1Scopes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scopes/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change what a kind of seal is used for
         * @description Scope: `cards.manage`.
         */
        put: operations["putV1ScopesKind"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rules that say who decides (审批链)
         * @description Scope: `cards.read`.
         */
        get: operations["getV1Chains"];
        put?: never;
        /**
         * Add a rule
         * @description Scope: `cards.manage`.
         */
        post: operations["postV1Chains"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chains/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put another rule in its place
         * @description Scope: `cards.manage`.
         */
        put: operations["putV1ChainsId"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chains/{id}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove a rule
         * @description Scope: `cards.manage`.
         */
        post: operations["postV1ChainsIdRemove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chains/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Who would decide this; with a draft, as if that rule stood already
         * @description Scope: `cards.manage`.
         */
        post: operations["postV1ChainsPreview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/delegations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Delegations given or taken over by me; all of them for those who check
         * @description Scope: `applications.read`.
         */
        get: operations["getV1Delegations"];
        put?: never;
        /**
         * Have another approver decide in my place for a set time (委托审批)
         * @description Scope: `applications.decide`.
         */
        post: operations["postV1Delegations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/delegations/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a delegation that I gave
         * @description Scope: `applications.decide`.
         */
        post: operations["postV1DelegationsIdEnd"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{id}/top-ups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for more strokes of a permit that is at the unit (增加次数)
         * @description Scope: `applications.add`.
         */
        post: operations["postV1PermitsIdTopUps"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{id}/top-ups/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the signature of more strokes that I ask for
         * @description What is sent with it as `signed` must say the same.
         *
         *     Scope: `applications.add`.
         */
        post: operations["postV1PermitsIdTopUpsOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/top-ups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was asked for of permits under way, newest first
         * @description Scope: `applications.read`.
         */
        get: operations["getV1TopUps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/top-ups/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve it, or fewer
         * @description Scope: `applications.decide`.
         */
        post: operations["postV1TopUpsIdApprove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/top-ups/{id}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refuse it, with a reason
         * @description Scope: `applications.decide`.
         */
        post: operations["postV1TopUpsIdRefuse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/top-ups/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for it no more
         * @description Scope: `applications.add`.
         */
        post: operations["postV1TopUpsIdWithdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject the page in this photo: the use ends, what is left of the permit can be opened again
         * @description The number is the one on the display of the unit, as for a stroke that is granted.
         *
         *     Scope: `uses.grant`.
         */
        post: operations["postV1PermitsIdReject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reminders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Steps that wait too long: those with me, and of what I asked for; all of them for those who check (催办)
         * @description Scope: `applications.read`.
         */
        get: operations["getV1Reminders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/signatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Electronic signatures of an application, the decisions on it, its top-ups and its single strokes (电子签名)
         * @description Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsIdSignatures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies/{id}/signatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Electronic signatures of a ceremony and the decisions on it
         * @description Scope: `custody.read`.
         */
        get: operations["getV1CeremoniesIdSignatures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/signatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Electronic signatures in a seal's life: of steps that were noted, of ceremonies, and of who approves
         * @description Scope: `custody.read`.
         */
        get: operations["getV1SealsIdSignatures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/signatures/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a signature: of my draft, or of what I decide on the step that is due
         * @description The answer of navigator.credentials.get() goes as `signature` with the submission, the decision or the grant itself.
         *
         *     Scope: `applications.read`.
         */
        post: operations["postV1ApplicationsIdSignaturesOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies/{id}/signatures/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the signature of what I decide on a ceremony
         * @description The answer of navigator.credentials.get() goes as `signature` with the submission, the decision or the grant itself.
         *
         *     Scope: `custody.decide`.
         */
        post: operations["postV1CeremoniesIdSignaturesOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/top-ups/{id}/signatures/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the signature of what I decide on more strokes
         * @description The answer of navigator.credentials.get() goes as `signature` with the submission, the decision or the grant itself.
         *
         *     Scope: `applications.decide`.
         */
        post: operations["postV1TopUpsIdSignaturesOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{id}/signatures/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the signature of a single stroke that I grant or reject
         * @description The answer of navigator.credentials.get() goes as `signature` with the submission, the decision or the grant itself.
         *
         *     Scope: `uses.grant`.
         */
        post: operations["postV1PermitsIdSignaturesOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What has to come back: of mine; everything for those who check (回报、归档)
         * @description Scope: `applications.read`.
         */
        get: operations["getV1Reports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What has to come back of a use, or has
         * @description Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsIdReport"];
        put?: never;
        /**
         * Account for every stroke with its finished page, or as spoiled; what was not used is revoked
         * @description The finished documents are handed in before (POST /v1/documents).
         *
         *     Scope: `applications.add`.
         */
        post: operations["postV1ApplicationsIdReport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/outside": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Outside authorities
         * @description Scope: `cards.read`.
         */
        get: operations["getV1Outside"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/outside/{name}/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Which approval there is for which application here
         * @description Said by the program of the company that made the approval there, never by who applies.
         *
         *     Scope: `outside.bind`.
         */
        post: operations["postV1OutsideNameInstances"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/outside/{name}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The check of this address, as WeCom makes it */
        get: operations["getV1OutsideNameEvents"];
        put?: never;
        /** A message of an outside authority, signed by it */
        post: operations["postV1OutsideNameEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer, by phone, the challenge of a unit without a network; the permit is taken back
         * @description Scope: `uses.grant`.
         */
        post: operations["postV1ApplicationsIdAnswers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/trip-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a trip code in advance; the permit is taken back
         * @description Scope: `uses.grant`.
         */
        post: operations["postV1ApplicationsIdTripCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/codes/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the signature of a code that I give
         * @description With a challenge and its number for an answer, without for a trip code. What is sent with it as `signed` must say the same.
         *
         *     Scope: `uses.grant`.
         */
        post: operations["postV1ApplicationsIdCodesOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{id}/photos/{photo}/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare a photo with the approved document
         * @description Takes some seconds the first time. An error here is no grant either.
         *
         *     Scope: `uses.grant`.
         */
        get: operations["getV1PermitsIdPhotosPhotoComparison"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{id}/photos/{photo}/comparison/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page of a photo with what differs framed
         * @description Red: added; blue: missing; purple: changed.
         *
         *     Scope: `uses.grant`.
         */
        get: operations["getV1PermitsIdPhotosPhotoComparisonPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A use as it happens: the steps the unit has written so far, and how the unit is now
         * @description Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsIdLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells when something of an application has changed
         * @description Events `changed`, their data a list of `application`, `use`, `talk`, `unit`: what to read anew. What came before the stream began is not told.
         *
         *     Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsIdChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/photos/{digest}/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare a photo of an application with its approved document
         * @description Takes some seconds the first time.
         *
         *     Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsIdPhotosDigestComparison"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/photos/{digest}/comparison/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page of a photo with what differs framed and numbered, in the order of the findings
         * @description Red: added; blue: missing; purple: changed.
         *
         *     Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsIdPhotosDigestComparisonPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was said beside a use, oldest first
         * @description Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsIdMessages"];
        put?: never;
        /**
         * Say something beside a use
         * @description While the application is approved and not over: who applied, who opens it at the unit, who grants its strokes. It stands in the register.
         *
         *     Scope: `uses.talk`.
         */
        post: operations["postV1ApplicationsIdMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}/ceremonies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for something to be done at a device before persons
         * @description Scope: `custody.order`.
         */
        post: operations["postV1DevicesIdCeremonies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}/ceremonies/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the signature of what I ask for at a device
         * @description What is sent with it as `signed` must say the same.
         *
         *     Scope: `custody.order`.
         */
        post: operations["postV1DevicesIdCeremoniesOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What can be ordered, and what each needs
         * @description Scope: `custody.read`.
         */
        get: operations["getV1CeremoniesActions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ceremonies, newest first
         * @description Scope: `custody.read`.
         */
        get: operations["getV1Ceremonies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A ceremony
         * @description Scope: `custody.read`.
         */
        get: operations["getV1CeremoniesId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve what was looked at
         * @description Scope: `custody.decide`.
         */
        post: operations["postV1CeremoniesIdApprove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies/{id}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refuse, with a reason
         * @description Scope: `custody.decide`.
         */
        post: operations["postV1CeremoniesIdRefuse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take one back that was not done yet
         * @description Scope: `custody.order`.
         */
        post: operations["postV1CeremoniesIdRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A seal's life, oldest first
         * @description Scope: `cards.read`.
         */
        get: operations["getV1SealsIdHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/engrave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note that the engraving of a seal was approved (刻制)
         * @description Scope: `cards.manage`.
         */
        post: operations["postV1SealsIdEngrave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a seal into use (启用), with what its notice says
         * @description Scope: `cards.manage`.
         */
        post: operations["postV1SealsIdActivate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the card of a seal that is not in use (变更)
         * @description Scope: `cards.manage`.
         */
        post: operations["postV1SealsIdChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/deputy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Name who keeps a seal in the keeper's place for a time (代管), or nobody any more
         * @description Scope: `cards.manage`.
         */
        put: operations["putV1SealsIdDeputy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a seal away (封存)
         * @description Scope: `cards.manage`.
         */
        post: operations["postV1SealsIdArchive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/destroy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note that a seal was destroyed that is in no unit (销毁)
         * @description Scope: `cards.manage`.
         */
        post: operations["postV1SealsIdDestroy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/steps/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the signature of a step in a seal's life
         * @description What is sent with it as `signed` must say the same.
         *
         *     Scope: `cards.manage`.
         */
        post: operations["postV1SealsIdStepsOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/applications/{id}/sheet.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The sheet of an application with its decisions and electronic signatures, for print (用印申请审批单)
         * @description Scope: `applications.read`.
         */
        get: operations["getV1ApplicationsIdSheetPdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Register of uses, newest first
         * @description Scope: `register.read`.
         */
        get: operations["getV1RegisterUses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Entries in order
         * @description Scope: `register.read`.
         */
        get: operations["getV1RegisterEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/records/{device}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verified records of a device in order
         * @description Scope: `register.read`.
         */
        get: operations["getV1RegisterRecordsDevice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/photos/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A photo by the digest its record names
         * @description Scope: `register.read`.
         */
        get: operations["getV1PhotosDigest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Signed checkpoint of everything so far (C2SP tlog-checkpoint)
         * @description Scope: `proofs.read`.
         */
        get: operations["getV1Checkpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public key of the register */
        get: operations["getV1RegisterKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/inclusion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Inclusion proof (RFC 9162 §2.1.3)
         * @description Scope: `proofs.read`.
         */
        get: operations["getV1RegisterInclusion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Consistency proof between two sizes (RFC 9162 §2.1.4)
         * @description Scope: `proofs.read`.
         */
        get: operations["getV1RegisterConsistency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses/{device}/{intent}/impression": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was found after a stroke: page and impression
         * @description Scope: `register.read`.
         */
        get: operations["getV1RegisterUsesDeviceIntentImpression"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses/{device}/{intent}/impression/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page after a stroke with what was found framed
         * @description Dashed: impressions, green where good, orange where poor, red of another seal; a cross where it was meant to be. Red: added; blue: missing; purple: changed. Takes some seconds the first time.
         *
         *     Scope: `register.read`.
         */
        get: operations["getV1RegisterUsesDeviceIntentImpressionPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses/{device}/{intent}/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare the photo before a stroke with the approved document
         * @description Takes some seconds the first time.
         *
         *     Scope: `register.read`.
         */
        get: operations["getV1RegisterUsesDeviceIntentComparison"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses/{device}/{intent}/comparison/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page before a stroke with what differs framed
         * @description Red: added; blue: missing; purple: changed.
         *
         *     Scope: `register.read`.
         */
        get: operations["getV1RegisterUsesDeviceIntentComparisonPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses/{device}/{intent}/sheets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How it stands with the sheets of a cross-page stroke
         * @description Scope: `applications.read`.
         */
        get: operations["getV1RegisterUsesDeviceIntentSheets"];
        put?: never;
        /**
         * Hand in photos of the sheets of a cross-page stroke (骑缝)
         * @description Up to 12 photos (JPEG, PNG, WebP) as parts "page", one of each sheet with its edge, in any order, in one call or several. By who applied, who stamped, or who keeps the seal. With the last one they are judged; another set may follow one that was not good, up to 8.
         *
         *     Scope: `uses.sheets`.
         */
        post: operations["postV1RegisterUsesDeviceIntentSheets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses/{device}/{intent}/sheets/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The strips of a cross-page stroke laid together
         * @description As last judged. Dashed: a strip with the number of its page, green where it fits the sample, red where it does not; grey: on no sheet. Takes some seconds the first time.
         *
         *     Scope: `applications.read`.
         */
        get: operations["getV1RegisterUsesDeviceIntentSheetsPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses/{device}/{intent}/sheets/{round}/{sheet}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A photo of a sheet, as it was handed in
         * @description Scope: `applications.read`.
         */
        get: operations["getV1RegisterUsesDeviceIntentSheetsRoundSheet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/witnesses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who cosigns the register's checkpoints, and how it stands with each (见证方)
         * @description Scope: `proofs.read`.
         */
        get: operations["getV1RegisterWitnesses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/checkpoint/cosigned": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest checkpoint that a witness has cosigned (C2SP tlog-cosignature)
         * @description Scope: `proofs.read`.
         */
        get: operations["getV1CheckpointCosigned"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses/{device}/{intent}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give out a receipt of a stroke, for whoever has the paper
         * @description Scope: `register.read`.
         */
        post: operations["postV1RegisterUsesDeviceIntentReceipt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/receipts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A receipt, to be checked by `smartseal verify` */
        get: operations["getV1ReceiptsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/receipts/{id}/qr.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** QR code of a receipt's page, to be printed or shown */
        get: operations["getV1ReceiptsIdQrSvg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/r/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a receipt proves, as a page */
        get: operations["getRId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The register of uses as CSV
         * @description Scope: `register.read`.
         */
        get: operations["getV1RegisterUsesCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses.xlsx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The register of uses as a workbook, at most 50000 uses
         * @description Scope: `register.read`.
         */
        get: operations["getV1RegisterUsesXlsx"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Statistics of at most 50000 uses, and of what was granted and not used (统计)
         * @description Scope: `register.read`.
         */
        get: operations["getV1RegisterStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/uses.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The register of uses (公章使用登记表) for print, at most 2000 uses, 200 with pictures
         * @description Scope: `register.read`.
         */
        get: operations["getV1RegisterUsesPdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/history/{entry}/notice.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The notice of a step in the life of a seal (启用通知, 移交证明, …) for print
         * @description Scope: `cards.read`.
         */
        get: operations["getV1SealsIdHistoryEntryNoticePdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seals/{id}/sample": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The kept sample impression
         * @description Scope: `cards.read`.
         */
        get: operations["getV1SealsIdSample"];
        /**
         * Keep a sample impression (留样): PNG or JPEG as multipart part "document"
         * @description Scope: `cards.manage`.
         */
        put: operations["putV1SealsIdSample"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bridges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Bridges that are followed
         * @description Scope: `cases.read`.
         */
        get: operations["getV1Bridges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a device is now, as its bridge has it
         * @description Scope: `cases.read`.
         */
        get: operations["getV1DevicesIdState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cases, newest first
         * @description Scope: `cases.read`.
         */
        get: operations["getV1Cases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close a case with a reason
         * @description Scope: `cases.close`.
         */
        post: operations["postV1CasesIdClose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Clear an alarm on the device and close its case
         * @description Once more where the bridge said that it was done, and no record of the device says so.
         *
         *     Scope: `cases.close`.
         */
        post: operations["postV1CasesIdClear"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}/places": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where a unit was, newest first, where it may be, and whether it is taken out
         * @description Places as its records say (WGS 84); fences of permits that are not over, and of the take-out under way.
         *
         *     Scope: `cases.read`.
         */
        get: operations["getV1DevicesIdPlaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}/lease": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who maintains a unit now
         * @description Scope: `cases.read`.
         */
        get: operations["getV1DevicesIdLease"];
        put?: never;
        /**
         * Take a unit for oneself to maintain it, or make an own lease longer
         * @description It ends by itself. Needs the scope `admin` of the desk at the bridge.
         *
         *     Scope: `devices.maintain`.
         */
        post: operations["postV1DevicesIdLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}/lease/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a lease back; an administrator ends another's
         * @description Scope: `devices.maintain`.
         */
        post: operations["postV1DevicesIdLeaseEnd"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the last update of a unit is at
         * @description Scope: `cases.read`.
         */
        get: operations["getV1DevicesIdUpdate"];
        put?: never;
        /**
         * Update the firmware of a unit that one has taken, by a signed image in multipart part "document"
         * @description The device judges the signature of the maker.
         *
         *     Scope: `devices.maintain`.
         */
        post: operations["postV1DevicesIdUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/push": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether messages are pushed to browsers, and to which of mine
         * @description Scope: `self.read`.
         */
        get: operations["getV1Push"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/push/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have pushed to this browser what happens to my account, and alarms where I may see them; of a new one I am told, and my others are
         * @description Scope: `self.read`.
         */
        post: operations["postV1PushSubscriptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/push/subscriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Push nothing more to a browser of mine; I am told, and that browser is, last of all
         * @description Scope: `self.read`.
         */
        delete: operations["deleteV1PushSubscriptionsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The whole register with its evidence as a tar that verifies on its own
         * @description Scope: `archive.make`.
         */
        post: operations["postV1Archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens, as it happens
         * @description Scope: `events.read`.
         */
        get: operations["followEvents"];
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
         * @description An error (RFC 9457)
         * @example {
         *       "type": "urn:smartseal:error:NOT_FOUND",
         *       "title": "Not found",
         *       "status": 404,
         *       "code": "NOT_FOUND",
         *       "detail": "7070…"
         *     }
         * @example {
         *       "type": "urn:smartseal:error:TOO_MANY",
         *       "title": "请求过多，请稍后再试",
         *       "status": 429,
         *       "code": "TOO_MANY"
         *     }
         */
        Problem: {
            /**
             * Format: uri
             * @description urn:smartseal:error:<code>
             */
            type: string;
            /** @description In the language of Accept-Language: zh, else en */
            title: string;
            status: number;
            /** @description Stable error code; GET /v1/errors lists them all */
            code: string;
            /** @description What exactly, for people */
            detail?: string;
            /** @description Of DEVICE_REFUSED: the code of the device (protocol/SPEC.md, "Refusals") */
            refusal?: string;
            /** @description Of DEVICE_REFUSED: a number that belongs to it */
            refusalDetail?: number;
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
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    getV1Me: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Person */
                        id: number;
                        name: string;
                        roles: ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin")[];
                        login?: string;
                        /** @description Department */
                        department?: number;
                        /** @description Title of their post */
                        title?: string;
                        /** @description Operations that are open to me (scopes) */
                        may: string[];
                    };
                };
            };
        };
    };
    getV1Directory: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        people: {
                            /** @description Person */
                            id: number;
                            name: string;
                            /** @description May be named to grant strokes from afar */
                            operator?: boolean;
                            /** @description Department */
                            department?: number;
                            /** @description Title of their post */
                            title?: string;
                        }[];
                    };
                };
            };
        };
    };
    getV1People: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        people: {
                            /** @description Person */
                            id: number;
                            name: string;
                            roles: ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin")[];
                            login?: string;
                            /** @description Department */
                            department?: number;
                            /** @description Title of their post */
                            title?: string;
                        }[];
                    };
                };
            };
        };
    };
    postV1People: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    roles: ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin")[];
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        person: {
                            /** @description Person */
                            id: number;
                            name: string;
                            roles: ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin")[];
                            login?: string;
                            /** @description Department */
                            department?: number;
                            /** @description Title of their post */
                            title?: string;
                        };
                        /** @description Shown once */
                        token: string;
                    };
                };
            };
        };
    };
    putV1PeopleIdRoles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Person */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    roles: ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin")[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Person */
                        id: number;
                        name: string;
                        roles: ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin")[];
                        login?: string;
                        /** @description Department */
                        department?: number;
                        /** @description Title of their post */
                        title?: string;
                    };
                };
            };
        };
    };
    postV1PeopleIdToken: {
        parameters: {
            query?: {
                /** @description That it is good for */
                days?: number;
            };
            header?: never;
            path: {
                /** @description Person */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Shown once */
                        token: string;
                        /** @description From when on it is refused; null: never */
                        until: number | null;
                    };
                };
            };
        };
    };
    getV1MePasskeys: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        passkeys: {
                            /** @description Id */
                            id: string;
                            name: string;
                            /** @description Unix seconds */
                            created: number;
                            used: number | null;
                        }[];
                    };
                };
            };
        };
    };
    postV1MePasskeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description To be handed back; good for five minutes, once */
                    step: string;
                    name: string;
                    response: {
                        id: string;
                        rawId: string;
                        /** @enum {string} */
                        type: "public-key";
                        clientExtensionResults: {
                            [key: string]: unknown;
                        };
                        authenticatorAttachment?: string;
                        response: {
                            clientDataJSON: string;
                            attestationObject: string;
                            transports?: string[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        name: string;
                        /** @description Unix seconds */
                        created: number;
                        used: number | null;
                    };
                };
            };
        };
    };
    postV1MePasskeysOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        /** @description For navigator.credentials.create */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    deleteV1MePasskeysId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        removed: string;
                    };
                };
            };
        };
    };
    getV1MePassword: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        set: boolean;
                    };
                };
            };
        };
    };
    postV1MePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    /** @description The present one, where there is one and this is no session by invitation */
                    old?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        /** @description Of the authenticator, base32; shown once */
                        secret: string;
                        /** @description The same as otpauth address, for a QR code */
                        uri: string;
                    };
                };
            };
        };
    };
    postV1MePasswordConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description To be handed back; good for five minutes, once */
                    step: string;
                    code: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Shown once */
                        recoveryCodes: string[];
                    };
                };
            };
        };
    };
    getV1MeSessions: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        current: string | null;
                        sessions: {
                            /** @description Id */
                            id: string;
                            /** @enum {unknown} */
                            how: "passkey" | "password" | "company" | "invitation";
                            /** @description Unix seconds */
                            created: number;
                            /** @description Unix seconds */
                            seen: number;
                            /** @description Unix seconds */
                            until: number;
                            /** @description User-Agent of its beginning */
                            agent: string;
                            /** @description IP address of its beginning */
                            address: string;
                        }[];
                    };
                };
            };
        };
    };
    deleteV1MeSessionsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        ended: string;
                    };
                };
            };
        };
    };
    postV1SignOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        ended: string;
                    };
                };
            };
        };
    };
    getV1SignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        passkey: boolean;
                        password: boolean;
                        company: boolean;
                    };
                };
            };
        };
    };
    postV1SignInPasskeyOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        /** @description For navigator.credentials */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    postV1SignInPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description To be handed back; good for five minutes, once */
                    step: string;
                    response: {
                        id: string;
                        rawId: string;
                        /** @enum {string} */
                        type: "public-key";
                        clientExtensionResults: {
                            [key: string]: unknown;
                        };
                        authenticatorAttachment?: string;
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Person */
                        person: number;
                        /** @description Unix seconds */
                        until: number;
                    };
                };
            };
        };
    };
    postV1SignInPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description By which they sign in with a password, and by which the sign-on of the company knows them */
                    login: string;
                    password: string;
                    /** @description Six digits of the authenticator, or a recovery code */
                    code: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Person */
                        person: number;
                        /** @description Unix seconds */
                        until: number;
                    };
                };
            };
        };
    };
    postV1SignInInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Person */
                        person: number;
                        /** @description Unix seconds */
                        until: number;
                    };
                };
            };
        };
    };
    getV1SignInCompany: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: never;
    };
    getV1SignInCompanyCallback: {
        parameters: {
            query: {
                state: string;
                code?: string;
                error?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: never;
    };
    getV1Departments: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        departments: {
                            /** @description Department */
                            id: number;
                            name: string;
                            parent: number | null;
                            head: number | null;
                            leader: number | null;
                        }[];
                    };
                };
            };
        };
    };
    postV1Departments: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    parent: number | null;
                    head: number | null;
                    leader: number | null;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Department */
                        id: number;
                        name: string;
                        parent: number | null;
                        head: number | null;
                        leader: number | null;
                    };
                };
            };
        };
    };
    putV1DepartmentsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Department */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    parent: number | null;
                    head: number | null;
                    leader: number | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Department */
                        id: number;
                        name: string;
                        parent: number | null;
                        head: number | null;
                        leader: number | null;
                    };
                };
            };
        };
    };
    deleteV1DepartmentsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Department */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Department */
                        id: number;
                        name: string;
                        parent: number | null;
                        head: number | null;
                        leader: number | null;
                    };
                };
            };
        };
    };
    getV1PeopleId: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Person */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Person */
                        id: number;
                        name: string;
                        roles: ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin")[];
                        login?: string;
                        /** @description Department */
                        department?: number;
                        /** @description Title of their post */
                        title?: string;
                    };
                };
            };
        };
    };
    putV1PeopleId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Person */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    login: string | null;
                    department: number | null;
                    /** @description Title of their post */
                    title: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Person */
                        id: number;
                        name: string;
                        roles: ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin")[];
                        login?: string;
                        /** @description Department */
                        department?: number;
                        /** @description Title of their post */
                        title?: string;
                    };
                };
            };
        };
    };
    getV1PeopleIdSuperiors: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Person */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        head: number | null;
                        leader: number | null;
                    };
                };
            };
        };
    };
    getV1PeopleIdEnrolments: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Person */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        enrolments: {
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            /** @description Person */
                            person: number;
                            number: number;
                            means: number;
                            until: number | null;
                        }[];
                    };
                };
            };
        };
    };
    postV1PeopleIdInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Person */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description 72 where not given */
                    hours?: number;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Shown once */
                        token: string;
                        /** @description Unix seconds */
                        until: number;
                    };
                };
            };
        };
    };
    deleteV1PeopleIdInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Person */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        withdrawn: boolean;
                    };
                };
            };
        };
    };
    getV1PeopleIdSignIn: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Person */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        passkeys: {
                            /** @description Id */
                            id: string;
                            name: string;
                            /** @description Unix seconds */
                            created: number;
                            used: number | null;
                        }[];
                        password: boolean;
                        sessions: {
                            /** @description Id */
                            id: string;
                            /** @enum {unknown} */
                            how: "passkey" | "password" | "company" | "invitation";
                            /** @description Unix seconds */
                            created: number;
                            /** @description Unix seconds */
                            seen: number;
                            /** @description Unix seconds */
                            until: number;
                            /** @description User-Agent of its beginning */
                            agent: string;
                            /** @description IP address of its beginning */
                            address: string;
                        }[];
                    };
                };
            };
        };
    };
    deleteV1PeopleIdPasskeysPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Person */
                id: number;
                /** @description Id */
                passkey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        removed: string;
                    };
                };
            };
        };
    };
    deleteV1PeopleIdPassword: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Person */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        removed: boolean;
                    };
                };
            };
        };
    };
    deleteV1PeopleIdSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Person */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ended: number;
                    };
                };
            };
        };
    };
    getV1Settings: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        reminders: {
                            /** @description Seconds from when a step has come to its approvers until they are reminded; null: never */
                            after: number | null;
                            /** @description Seconds from one reminder to the next; null: never */
                            every: number | null;
                            /** @description Seconds from the first reminder until the step goes to others as well; null: never */
                            escalateAfter: number | null;
                            /**
                             * @description superior: whoever stands above its approvers in the organisation; or a role, of whose holders those decide who are approvers
                             * @enum {unknown}
                             */
                            escalateTo: "superior" | "applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin";
                        };
                        papers: {
                            /** @description Seconds from the end of a use until its stamped paper is filed, where the rule of its chain says nothing; null: it need not be */
                            archiveWithin: number | null;
                            /** @description Seconds before the date from when on the applicant is reminded */
                            remindBefore: number;
                            /** @description Seconds from one reminder to the next */
                            every: number;
                            /** @description Seconds from a cross-page stroke until its applicant is reminded of the photos of its sheets; null: never */
                            sheetsAfter: number | null;
                        };
                        signatures: {
                            /** @description Who applies must sign, also for more strokes */
                            applicant: boolean;
                            /** @description Who decides on that must sign */
                            approvers: boolean;
                            /** @description Who asks for, decides on or notes what is done to seals and units must sign (刻制、启用、移交、外带、停用、销毁等) */
                            custody: boolean;
                            /** @description Who grants or rejects single strokes from afar must sign */
                            strokes: boolean;
                        };
                    };
                };
            };
        };
    };
    putV1SettingsReminders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Seconds from when a step has come to its approvers until they are reminded; null: never */
                    after: number | null;
                    /** @description Seconds from one reminder to the next; null: never */
                    every: number | null;
                    /** @description Seconds from the first reminder until the step goes to others as well; null: never */
                    escalateAfter: number | null;
                    /**
                     * @description superior: whoever stands above its approvers in the organisation; or a role, of whose holders those decide who are approvers
                     * @enum {unknown}
                     */
                    escalateTo: "superior" | "applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin";
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Seconds from when a step has come to its approvers until they are reminded; null: never */
                        after: number | null;
                        /** @description Seconds from one reminder to the next; null: never */
                        every: number | null;
                        /** @description Seconds from the first reminder until the step goes to others as well; null: never */
                        escalateAfter: number | null;
                        /**
                         * @description superior: whoever stands above its approvers in the organisation; or a role, of whose holders those decide who are approvers
                         * @enum {unknown}
                         */
                        escalateTo: "superior" | "applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin";
                    };
                };
            };
        };
    };
    putV1SettingsPapers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Seconds from the end of a use until its stamped paper is filed, where the rule of its chain says nothing; null: it need not be */
                    archiveWithin: number | null;
                    /** @description Seconds before the date from when on the applicant is reminded */
                    remindBefore: number;
                    /** @description Seconds from one reminder to the next */
                    every: number;
                    /** @description Seconds from a cross-page stroke until its applicant is reminded of the photos of its sheets; null: never */
                    sheetsAfter?: number | null;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Seconds from the end of a use until its stamped paper is filed, where the rule of its chain says nothing; null: it need not be */
                        archiveWithin: number | null;
                        /** @description Seconds before the date from when on the applicant is reminded */
                        remindBefore: number;
                        /** @description Seconds from one reminder to the next */
                        every: number;
                        /** @description Seconds from a cross-page stroke until its applicant is reminded of the photos of its sheets; null: never */
                        sheetsAfter: number | null;
                    };
                };
            };
        };
    };
    putV1SettingsSignatures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Who applies must sign, also for more strokes */
                    applicant?: boolean;
                    /** @description Who decides on that must sign */
                    approvers?: boolean;
                    /** @description Who asks for, decides on or notes what is done to seals and units must sign (刻制、启用、移交、外带、停用、销毁等) */
                    custody?: boolean;
                    /** @description Who grants or rejects single strokes from afar must sign */
                    strokes?: boolean;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Who applies must sign, also for more strokes */
                        applicant: boolean;
                        /** @description Who decides on that must sign */
                        approvers: boolean;
                        /** @description Who asks for, decides on or notes what is done to seals and units must sign (刻制、启用、移交、外带、停用、销毁等) */
                        custody: boolean;
                        /** @description Who grants or rejects single strokes from afar must sign */
                        strokes: boolean;
                    };
                };
            };
        };
    };
    getV1SecurityEvents: {
        parameters: {
            query?: {
                before?: number;
                kind?: "sign-in" | "sign-in-refused" | "code-reused" | "refused" | "limit" | "read" | "more" | "more-read";
                /** @description Person */
                person?: number;
                /** @description Unix seconds */
                from?: number;
                limit?: number;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        events: {
                            id: number;
                            /** @description Unix seconds */
                            at: number;
                            /** @description Unix seconds */
                            until: number;
                            /** @description How many that were alike, from `at` to `until` */
                            count: number;
                            /**
                             * @description `more`, and of reads `more-read`: further ones of this caller in that minute, which were only counted
                             * @enum {unknown}
                             */
                            kind: "sign-in" | "sign-in-refused" | "code-reused" | "refused" | "limit" | "read" | "more" | "more-read";
                            person: number | null;
                            /** @description By what they sign in, or how they are known */
                            how: string;
                            /** @description Code of the error; empty: none */
                            code: string;
                            /** @description Method and path, without its query */
                            what: string;
                            /** @description IP address */
                            address: string;
                        }[];
                    };
                };
            };
        };
    };
    getV1MeNotices: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        notices: {
                            id: number;
                            /** @description Unix seconds */
                            at: number;
                            /** @enum {unknown} */
                            kind: "passkey" | "passkey-removed" | "password" | "password-removed" | "recovery-code" | "invitation" | "invitation-used" | "token" | "new-browser" | "failures" | "code-reused" | "push-added" | "push-removed" | "restored" | "use-stamped" | "use-failed" | "use-unknown" | "use-alarm" | "use-differs";
                            /** @description Person */
                            by?: number;
                            /** @description User-Agent */
                            agent?: string;
                            /** @description IP address */
                            address?: string;
                            /** @description Of the passkey, or User-Agent of the browser that is pushed to no more */
                            name?: string;
                            /** @description Failures since the last success; strokes */
                            count?: number;
                            /** @description What I approved */
                            application?: string;
                            /** @description Its purpose */
                            purpose?: string;
                            seen: boolean;
                        }[];
                    };
                };
            };
        };
    };
    postV1MeNoticesSeen: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    upTo: number;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        upTo: number;
                    };
                };
            };
        };
    };
    getV1Devices: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        devices: {
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            id: string;
                            name: string;
                            bridge: string;
                            epoch: number;
                        }[];
                    };
                };
            };
        };
    };
    postV1Devices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Device id
                     * @example 00112233445566aa
                     */
                    id: string;
                    name: string;
                    bridge: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        id: string;
                        name: string;
                        bridge: string;
                        epoch: number;
                    };
                };
            };
        };
    };
    postV1DevicesIdRevoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Taken; it is carried out later */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        statement: string;
                    };
                };
            };
        };
    };
    getV1DevicesIdEnrolments: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        enrolments: {
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            /** @description Person */
                            person: number;
                            number: number;
                            means: number;
                            until: number | null;
                        }[];
                    };
                };
            };
        };
    };
    putV1DevicesIdEnrolmentsPerson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
                /** @description Person */
                person: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    number: number;
                    /** @description 1 finger (where not given), 2 passcode, 3 both */
                    means?: number;
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Person */
                        person: number;
                        number: number;
                        means: number;
                        until: number | null;
                    };
                };
            };
        };
    };
    postV1DevicesIdEnrolmentsPersonOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
                /** @description Person */
                person: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    number: number;
                    /** @description 1 finger (where not given), 2 passcode, 3 both */
                    means?: number;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        /** @description Base64 of what is signed */
                        form: string;
                        /** @description For navigator.credentials.get */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    getV1Seals: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        seals: {
                            /** @description Id */
                            id: string;
                            /** @enum {unknown} */
                            kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                            name: string;
                            /** @description Identity of the die */
                            die: string;
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            /** @description Person */
                            custodian: number;
                            /** @description Steps in order; in each any one decides, or as many as `needs` says */
                            approvers: number[][];
                            /** @description How many of each step must approve, in the order of the steps */
                            needs: number[];
                            sample: string | null;
                            /** @enum {unknown} */
                            state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                            width: number | null;
                            height: number | null;
                            pieces: number;
                            /** @description Department that issued it */
                            issuedBy: string;
                            /** @description Who received it */
                            recipient: string;
                            received: number | null;
                            /** @description What its card lacks: without it impressions are not judged after strokes */
                            lacks: ("sample" | "size")[];
                            deputy: number | null;
                            deputyUntil: number | null;
                        }[];
                    };
                };
            };
        };
    };
    postV1Seals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                    name: string;
                    /** @description Identity of the die */
                    die: string;
                    /**
                     * @description Device id
                     * @example 00112233445566aa
                     */
                    device: string;
                    /** @description Person */
                    custodian: number;
                    /** @description Steps in order; in each any one decides, or as many as `needs` says */
                    approvers: number[][];
                    /** @description How many of each step must approve, in the order of the steps */
                    needs?: number[];
                    width?: number | null;
                    height?: number | null;
                    pieces?: number;
                    /** @description Department that issued it */
                    issuedBy?: string;
                    /** @description Who received it */
                    recipient?: string;
                    received?: number | null;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @enum {unknown} */
                        kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                        name: string;
                        /** @description Identity of the die */
                        die: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Person */
                        custodian: number;
                        /** @description Steps in order; in each any one decides, or as many as `needs` says */
                        approvers: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        sample: string | null;
                        /** @enum {unknown} */
                        state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                        width: number | null;
                        height: number | null;
                        pieces: number;
                        /** @description Department that issued it */
                        issuedBy: string;
                        /** @description Who received it */
                        recipient: string;
                        received: number | null;
                        /** @description What its card lacks: without it impressions are not judged after strokes */
                        lacks: ("sample" | "size")[];
                        deputy: number | null;
                        deputyUntil: number | null;
                    };
                };
            };
        };
    };
    getV1SealsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @enum {unknown} */
                        kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                        name: string;
                        /** @description Identity of the die */
                        die: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Person */
                        custodian: number;
                        /** @description Steps in order; in each any one decides, or as many as `needs` says */
                        approvers: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        sample: string | null;
                        /** @enum {unknown} */
                        state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                        width: number | null;
                        height: number | null;
                        pieces: number;
                        /** @description Department that issued it */
                        issuedBy: string;
                        /** @description Who received it */
                        recipient: string;
                        received: number | null;
                        /** @description What its card lacks: without it impressions are not judged after strokes */
                        lacks: ("sample" | "size")[];
                        deputy: number | null;
                        deputyUntil: number | null;
                    };
                };
            };
        };
    };
    putV1SealsIdApprovers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Steps in order; in each any one decides, or as many as `needs` says */
                    approvers: number[][];
                    /** @description How many of each step must approve, in the order of the steps */
                    needs?: number[];
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @enum {unknown} */
                        kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                        name: string;
                        /** @description Identity of the die */
                        die: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Person */
                        custodian: number;
                        /** @description Steps in order; in each any one decides, or as many as `needs` says */
                        approvers: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        sample: string | null;
                        /** @enum {unknown} */
                        state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                        width: number | null;
                        height: number | null;
                        pieces: number;
                        /** @description Department that issued it */
                        issuedBy: string;
                        /** @description Who received it */
                        recipient: string;
                        received: number | null;
                        /** @description What its card lacks: without it impressions are not judged after strokes */
                        lacks: ("sample" | "size")[];
                        deputy: number | null;
                        deputyUntil: number | null;
                    };
                };
            };
        };
    };
    postV1SealsIdApproversOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Steps in order; in each any one decides, or as many as `needs` says */
                    approvers: number[][];
                    /** @description How many of each step must approve, in the order of the steps */
                    needs?: number[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        /** @description Base64 of what is signed */
                        form: string;
                        /** @description For navigator.credentials.get */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    postV1Documents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description SHA-256 */
                        sha256: string;
                        kind: "pdf" | "png" | "jpeg" | "docx" | "xlsx";
                        name: string;
                        size: number;
                        pages: number;
                        /** @description When it was removed under the rule; absent: it is there */
                        removed?: number;
                    };
                };
            };
        };
    };
    postV1DocumentsPhotographed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description SHA-256 */
                        sha256: string;
                        kind: "pdf" | "png" | "jpeg" | "docx" | "xlsx";
                        name: string;
                        size: number;
                        pages: number;
                        /** @description When it was removed under the rule; absent: it is there */
                        removed?: number;
                        /** @description Pages whose sheet was not found, and that are as they were photographed */
                        crooked: number[];
                    };
                };
            };
        };
    };
    getV1DocumentsSha256: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description SHA-256 */
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description SHA-256 */
                        sha256: string;
                        kind: "pdf" | "png" | "jpeg" | "docx" | "xlsx";
                        name: string;
                        size: number;
                        pages: number;
                        /** @description When it was removed under the rule; absent: it is there */
                        removed?: number;
                    };
                };
            };
        };
    };
    getV1DocumentsSha256PagesPage: {
        parameters: {
            query?: {
                /** @description Pixels */
                width?: 480 | 640 | 800 | 1080 | 1280;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description SHA-256 */
                sha256: string;
                page: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The content */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                    "image/webp": string;
                };
            };
        };
    };
    getV1DocumentsSha256Content: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description SHA-256 */
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The content */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
        };
    };
    getV1Applications: {
        parameters: {
            query?: {
                state?: "draft" | "submitted" | "approved" | "refused" | "withdrawn" | "expired" | "used";
                /** @description Skips this many */
                offset?: number;
                limit?: number;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        applications: {
                            /** @description Id */
                            id: string;
                            /** @description Person */
                            applicant: number;
                            /** @enum {unknown} */
                            state: "draft" | "submitted" | "approved" | "refused" | "withdrawn" | "expired" | "used";
                            content: string | null;
                            granted: {
                                /** @description Strokes */
                                count: number;
                                /** @description Unix seconds */
                                notBefore: number;
                                /** @description Unix seconds */
                                notAfter: number;
                                /** @description All of them must show themselves at the device */
                                persons: number[];
                                /** @description null: anywhere */
                                place: {
                                    fences?: ({
                                        latitude: number;
                                        longitude: number;
                                        radius: number;
                                    } | {
                                        corners: {
                                            latitude: number;
                                            longitude: number;
                                        }[];
                                    })[];
                                    maxAge?: number;
                                    maxAccuracy?: number;
                                } | null;
                                /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                                crossPage: number;
                            };
                            step: number;
                            chain: number[][];
                            /** @description How many of each step must approve, in the order of the steps */
                            needs: number[];
                            /** @description Who has approved the step that is due */
                            given: {
                                /** @description Person */
                                person: number;
                                /** @description In whose place, where not for themselves */
                                behalf: number | null;
                            }[];
                            /** @description Unix seconds */
                            created: number;
                            /** @description Unix seconds */
                            updated: number;
                            /** @description When the step that is due came to its approvers */
                            since: number;
                            /** @description Id */
                            seal: string;
                            purpose: string;
                            /** @description SHA-256 */
                            document: string;
                            /** @description Strokes */
                            count: number;
                            /** @description Unix seconds */
                            notBefore: number;
                            /** @description Unix seconds */
                            notAfter: number;
                            /** @description All of them must show themselves at the device */
                            persons: number[];
                            photos: boolean;
                            strokeGrants: boolean;
                            /** @description Seconds after which an opened use closes by itself */
                            idle: number;
                            /** @description Only at its base */
                            dock: boolean;
                            /** @description Only while it stands still; with photos */
                            still: boolean;
                            /** @description Small photos, for slow lines */
                            small: boolean;
                            /** @description null: anywhere */
                            place: {
                                fences?: ({
                                    latitude: number;
                                    longitude: number;
                                    radius: number;
                                } | {
                                    corners: {
                                        latitude: number;
                                        longitude: number;
                                    }[];
                                })[];
                                maxAge?: number;
                                maxAccuracy?: number;
                            } | null;
                            /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                            crossPage: number;
                            /** @description null: from before there were categories */
                            category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                            amount: number | null;
                            /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                            blank: boolean;
                            reportBy: number | null;
                            operator: number | null;
                            /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                            marks: {
                                page: number;
                                x: number;
                                y: number;
                            }[];
                            authority: string | null;
                            /** @description The rule that gave the chain; null: the seal itself */
                            rule: string | null;
                        }[];
                    };
                };
            };
        };
    };
    postV1Applications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Id */
                    seal: string;
                    purpose: string;
                    /** @description SHA-256 */
                    document: string;
                    /** @description Strokes */
                    count: number;
                    /** @description Unix seconds */
                    notBefore: number;
                    /** @description Unix seconds */
                    notAfter: number;
                    /** @description All of them must show themselves at the device */
                    persons: number[];
                    photos?: boolean;
                    strokeGrants?: boolean;
                    /** @description Seconds after which an opened use closes by itself */
                    idle?: number;
                    /** @description Only at its base */
                    dock?: boolean;
                    /** @description Only while it stands still; with photos */
                    still?: boolean;
                    /** @description Small photos, for slow lines */
                    small?: boolean;
                    /** @description Where it may be used: inside one of the fences, by a fix so old (s) and so inaccurate (m) at most */
                    place?: {
                        fences?: ({
                            latitude: number;
                            longitude: number;
                            radius: number;
                        } | {
                            corners: {
                                latitude: number;
                                longitude: number;
                            }[];
                        })[];
                        maxAge?: number;
                        maxAccuracy?: number;
                    };
                    /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                    crossPage?: number;
                    /**
                     * @description letter: letters and reports (信函、报告); internal: inside a department (部门内部); contract (合同); finance (财务); other (其他)
                     * @enum {unknown}
                     */
                    category?: "letter" | "internal" | "contract" | "finance" | "other";
                    /** @description Of a contract or in finance, fen; where rules ask for it and it is not said, it is taken for the largest */
                    amount?: number;
                    /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                    blank?: boolean;
                    /** @description Unix seconds until when blank paper is accounted for, at most 31 days after the window */
                    reportBy?: number;
                    /** @description Who grants each stroke from afar, watching the tray (B5); with strokeGrants */
                    operator?: number;
                    /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                    marks?: {
                        page: number;
                        x: number;
                        y: number;
                    }[];
                    /** @description false: leave it a draft */
                    submit?: boolean;
                };
                "multipart/form-data": {
                    /** @description Id */
                    seal: string;
                    purpose: string;
                    /** @description SHA-256 */
                    document: string;
                    /** @description Strokes */
                    count: number;
                    /** @description Unix seconds */
                    notBefore: number;
                    /** @description Unix seconds */
                    notAfter: number;
                    /** @description All of them must show themselves at the device */
                    persons: number[];
                    photos?: boolean;
                    strokeGrants?: boolean;
                    /** @description Seconds after which an opened use closes by itself */
                    idle?: number;
                    /** @description Only at its base */
                    dock?: boolean;
                    /** @description Only while it stands still; with photos */
                    still?: boolean;
                    /** @description Small photos, for slow lines */
                    small?: boolean;
                    /** @description Where it may be used: inside one of the fences, by a fix so old (s) and so inaccurate (m) at most */
                    place?: {
                        fences?: ({
                            latitude: number;
                            longitude: number;
                            radius: number;
                        } | {
                            corners: {
                                latitude: number;
                                longitude: number;
                            }[];
                        })[];
                        maxAge?: number;
                        maxAccuracy?: number;
                    };
                    /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                    crossPage?: number;
                    /**
                     * @description letter: letters and reports (信函、报告); internal: inside a department (部门内部); contract (合同); finance (财务); other (其他)
                     * @enum {unknown}
                     */
                    category?: "letter" | "internal" | "contract" | "finance" | "other";
                    /** @description Of a contract or in finance, fen; where rules ask for it and it is not said, it is taken for the largest */
                    amount?: number;
                    /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                    blank?: boolean;
                    /** @description Unix seconds until when blank paper is accounted for, at most 31 days after the window */
                    reportBy?: number;
                    /** @description Who grants each stroke from afar, watching the tray (B5); with strokeGrants */
                    operator?: number;
                    /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                    marks?: {
                        page: number;
                        x: number;
                        y: number;
                    }[];
                    /** @description false: leave it a draft */
                    submit?: boolean;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @description Person */
                        applicant: number;
                        /** @enum {unknown} */
                        state: "draft" | "submitted" | "approved" | "refused" | "withdrawn" | "expired" | "used";
                        content: string | null;
                        granted: {
                            /** @description Strokes */
                            count: number;
                            /** @description Unix seconds */
                            notBefore: number;
                            /** @description Unix seconds */
                            notAfter: number;
                            /** @description All of them must show themselves at the device */
                            persons: number[];
                            /** @description null: anywhere */
                            place: {
                                fences?: ({
                                    latitude: number;
                                    longitude: number;
                                    radius: number;
                                } | {
                                    corners: {
                                        latitude: number;
                                        longitude: number;
                                    }[];
                                })[];
                                maxAge?: number;
                                maxAccuracy?: number;
                            } | null;
                            /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                            crossPage: number;
                        };
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Unix seconds */
                        created: number;
                        /** @description Unix seconds */
                        updated: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        /** @description Id */
                        seal: string;
                        purpose: string;
                        /** @description SHA-256 */
                        document: string;
                        /** @description Strokes */
                        count: number;
                        /** @description Unix seconds */
                        notBefore: number;
                        /** @description Unix seconds */
                        notAfter: number;
                        /** @description All of them must show themselves at the device */
                        persons: number[];
                        photos: boolean;
                        strokeGrants: boolean;
                        /** @description Seconds after which an opened use closes by itself */
                        idle: number;
                        /** @description Only at its base */
                        dock: boolean;
                        /** @description Only while it stands still; with photos */
                        still: boolean;
                        /** @description Small photos, for slow lines */
                        small: boolean;
                        /** @description null: anywhere */
                        place: {
                            fences?: ({
                                latitude: number;
                                longitude: number;
                                radius: number;
                            } | {
                                corners: {
                                    latitude: number;
                                    longitude: number;
                                }[];
                            })[];
                            maxAge?: number;
                            maxAccuracy?: number;
                        } | null;
                        /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                        crossPage: number;
                        /** @description null: from before there were categories */
                        category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                        amount: number | null;
                        /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                        blank: boolean;
                        reportBy: number | null;
                        operator: number | null;
                        /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                        marks: {
                            page: number;
                            x: number;
                            y: number;
                        }[];
                        authority: string | null;
                        /** @description The rule that gave the chain; null: the seal itself */
                        rule: string | null;
                        permits: {
                            /**
                             * @description Permit id
                             * @example 70707070707070707070707070707070
                             */
                            id: string;
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            state: string;
                            code: string | null;
                            used: number;
                            /** @description Strokes it has in all */
                            count: number;
                            crossPage: boolean;
                            /** @description SHA-256 */
                            sha256: string;
                        }[];
                    };
                };
            };
        };
    };
    getV1ApplicationsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @description Person */
                        applicant: number;
                        /** @enum {unknown} */
                        state: "draft" | "submitted" | "approved" | "refused" | "withdrawn" | "expired" | "used";
                        content: string | null;
                        granted: {
                            /** @description Strokes */
                            count: number;
                            /** @description Unix seconds */
                            notBefore: number;
                            /** @description Unix seconds */
                            notAfter: number;
                            /** @description All of them must show themselves at the device */
                            persons: number[];
                            /** @description null: anywhere */
                            place: {
                                fences?: ({
                                    latitude: number;
                                    longitude: number;
                                    radius: number;
                                } | {
                                    corners: {
                                        latitude: number;
                                        longitude: number;
                                    }[];
                                })[];
                                maxAge?: number;
                                maxAccuracy?: number;
                            } | null;
                            /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                            crossPage: number;
                        };
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Unix seconds */
                        created: number;
                        /** @description Unix seconds */
                        updated: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        /** @description Id */
                        seal: string;
                        purpose: string;
                        /** @description SHA-256 */
                        document: string;
                        /** @description Strokes */
                        count: number;
                        /** @description Unix seconds */
                        notBefore: number;
                        /** @description Unix seconds */
                        notAfter: number;
                        /** @description All of them must show themselves at the device */
                        persons: number[];
                        photos: boolean;
                        strokeGrants: boolean;
                        /** @description Seconds after which an opened use closes by itself */
                        idle: number;
                        /** @description Only at its base */
                        dock: boolean;
                        /** @description Only while it stands still; with photos */
                        still: boolean;
                        /** @description Small photos, for slow lines */
                        small: boolean;
                        /** @description null: anywhere */
                        place: {
                            fences?: ({
                                latitude: number;
                                longitude: number;
                                radius: number;
                            } | {
                                corners: {
                                    latitude: number;
                                    longitude: number;
                                }[];
                            })[];
                            maxAge?: number;
                            maxAccuracy?: number;
                        } | null;
                        /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                        crossPage: number;
                        /** @description null: from before there were categories */
                        category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                        amount: number | null;
                        /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                        blank: boolean;
                        reportBy: number | null;
                        operator: number | null;
                        /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                        marks: {
                            page: number;
                            x: number;
                            y: number;
                        }[];
                        authority: string | null;
                        /** @description The rule that gave the chain; null: the seal itself */
                        rule: string | null;
                        permits: {
                            /**
                             * @description Permit id
                             * @example 70707070707070707070707070707070
                             */
                            id: string;
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            state: string;
                            code: string | null;
                            used: number;
                            /** @description Strokes it has in all */
                            count: number;
                            crossPage: boolean;
                            /** @description SHA-256 */
                            sha256: string;
                        }[];
                    };
                };
            };
        };
    };
    putV1ApplicationsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Id */
                    seal: string;
                    purpose: string;
                    /** @description SHA-256 */
                    document: string;
                    /** @description Strokes */
                    count: number;
                    /** @description Unix seconds */
                    notBefore: number;
                    /** @description Unix seconds */
                    notAfter: number;
                    /** @description All of them must show themselves at the device */
                    persons: number[];
                    photos?: boolean;
                    strokeGrants?: boolean;
                    /** @description Seconds after which an opened use closes by itself */
                    idle?: number;
                    /** @description Only at its base */
                    dock?: boolean;
                    /** @description Only while it stands still; with photos */
                    still?: boolean;
                    /** @description Small photos, for slow lines */
                    small?: boolean;
                    /** @description Where it may be used: inside one of the fences, by a fix so old (s) and so inaccurate (m) at most */
                    place?: {
                        fences?: ({
                            latitude: number;
                            longitude: number;
                            radius: number;
                        } | {
                            corners: {
                                latitude: number;
                                longitude: number;
                            }[];
                        })[];
                        maxAge?: number;
                        maxAccuracy?: number;
                    };
                    /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                    crossPage?: number;
                    /**
                     * @description letter: letters and reports (信函、报告); internal: inside a department (部门内部); contract (合同); finance (财务); other (其他)
                     * @enum {unknown}
                     */
                    category?: "letter" | "internal" | "contract" | "finance" | "other";
                    /** @description Of a contract or in finance, fen; where rules ask for it and it is not said, it is taken for the largest */
                    amount?: number;
                    /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                    blank?: boolean;
                    /** @description Unix seconds until when blank paper is accounted for, at most 31 days after the window */
                    reportBy?: number;
                    /** @description Who grants each stroke from afar, watching the tray (B5); with strokeGrants */
                    operator?: number;
                    /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                    marks?: {
                        page: number;
                        x: number;
                        y: number;
                    }[];
                    /** @description false: leave it a draft */
                    submit?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @description Person */
                        applicant: number;
                        /** @enum {unknown} */
                        state: "draft" | "submitted" | "approved" | "refused" | "withdrawn" | "expired" | "used";
                        content: string | null;
                        granted: {
                            /** @description Strokes */
                            count: number;
                            /** @description Unix seconds */
                            notBefore: number;
                            /** @description Unix seconds */
                            notAfter: number;
                            /** @description All of them must show themselves at the device */
                            persons: number[];
                            /** @description null: anywhere */
                            place: {
                                fences?: ({
                                    latitude: number;
                                    longitude: number;
                                    radius: number;
                                } | {
                                    corners: {
                                        latitude: number;
                                        longitude: number;
                                    }[];
                                })[];
                                maxAge?: number;
                                maxAccuracy?: number;
                            } | null;
                            /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                            crossPage: number;
                        };
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Unix seconds */
                        created: number;
                        /** @description Unix seconds */
                        updated: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        /** @description Id */
                        seal: string;
                        purpose: string;
                        /** @description SHA-256 */
                        document: string;
                        /** @description Strokes */
                        count: number;
                        /** @description Unix seconds */
                        notBefore: number;
                        /** @description Unix seconds */
                        notAfter: number;
                        /** @description All of them must show themselves at the device */
                        persons: number[];
                        photos: boolean;
                        strokeGrants: boolean;
                        /** @description Seconds after which an opened use closes by itself */
                        idle: number;
                        /** @description Only at its base */
                        dock: boolean;
                        /** @description Only while it stands still; with photos */
                        still: boolean;
                        /** @description Small photos, for slow lines */
                        small: boolean;
                        /** @description null: anywhere */
                        place: {
                            fences?: ({
                                latitude: number;
                                longitude: number;
                                radius: number;
                            } | {
                                corners: {
                                    latitude: number;
                                    longitude: number;
                                }[];
                            })[];
                            maxAge?: number;
                            maxAccuracy?: number;
                        } | null;
                        /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                        crossPage: number;
                        /** @description null: from before there were categories */
                        category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                        amount: number | null;
                        /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                        blank: boolean;
                        reportBy: number | null;
                        operator: number | null;
                        /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                        marks: {
                            page: number;
                            x: number;
                            y: number;
                        }[];
                        authority: string | null;
                        /** @description The rule that gave the chain; null: the seal itself */
                        rule: string | null;
                        permits: {
                            /**
                             * @description Permit id
                             * @example 70707070707070707070707070707070
                             */
                            id: string;
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            state: string;
                            code: string | null;
                            used: number;
                            /** @description Strokes it has in all */
                            count: number;
                            crossPage: boolean;
                            /** @description SHA-256 */
                            sha256: string;
                        }[];
                    };
                };
            };
        };
    };
    postV1ApplicationsIdSubmit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    signature?: {
                        id: string;
                        rawId: string;
                        /** @enum {string} */
                        type: "public-key";
                        clientExtensionResults: {
                            [key: string]: unknown;
                        };
                        authenticatorAttachment?: string;
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string;
                        };
                    };
                } | null;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @description Person */
                        applicant: number;
                        /** @enum {unknown} */
                        state: "draft" | "submitted" | "approved" | "refused" | "withdrawn" | "expired" | "used";
                        content: string | null;
                        granted: {
                            /** @description Strokes */
                            count: number;
                            /** @description Unix seconds */
                            notBefore: number;
                            /** @description Unix seconds */
                            notAfter: number;
                            /** @description All of them must show themselves at the device */
                            persons: number[];
                            /** @description null: anywhere */
                            place: {
                                fences?: ({
                                    latitude: number;
                                    longitude: number;
                                    radius: number;
                                } | {
                                    corners: {
                                        latitude: number;
                                        longitude: number;
                                    }[];
                                })[];
                                maxAge?: number;
                                maxAccuracy?: number;
                            } | null;
                            /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                            crossPage: number;
                        };
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Unix seconds */
                        created: number;
                        /** @description Unix seconds */
                        updated: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        /** @description Id */
                        seal: string;
                        purpose: string;
                        /** @description SHA-256 */
                        document: string;
                        /** @description Strokes */
                        count: number;
                        /** @description Unix seconds */
                        notBefore: number;
                        /** @description Unix seconds */
                        notAfter: number;
                        /** @description All of them must show themselves at the device */
                        persons: number[];
                        photos: boolean;
                        strokeGrants: boolean;
                        /** @description Seconds after which an opened use closes by itself */
                        idle: number;
                        /** @description Only at its base */
                        dock: boolean;
                        /** @description Only while it stands still; with photos */
                        still: boolean;
                        /** @description Small photos, for slow lines */
                        small: boolean;
                        /** @description null: anywhere */
                        place: {
                            fences?: ({
                                latitude: number;
                                longitude: number;
                                radius: number;
                            } | {
                                corners: {
                                    latitude: number;
                                    longitude: number;
                                }[];
                            })[];
                            maxAge?: number;
                            maxAccuracy?: number;
                        } | null;
                        /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                        crossPage: number;
                        /** @description null: from before there were categories */
                        category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                        amount: number | null;
                        /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                        blank: boolean;
                        reportBy: number | null;
                        operator: number | null;
                        /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                        marks: {
                            page: number;
                            x: number;
                            y: number;
                        }[];
                        authority: string | null;
                        /** @description The rule that gave the chain; null: the seal itself */
                        rule: string | null;
                        permits: {
                            /**
                             * @description Permit id
                             * @example 70707070707070707070707070707070
                             */
                            id: string;
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            state: string;
                            code: string | null;
                            used: number;
                            /** @description Strokes it has in all */
                            count: number;
                            crossPage: boolean;
                            /** @description SHA-256 */
                            sha256: string;
                        }[];
                    };
                };
            };
        };
    };
    postV1ApplicationsIdWithdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @description Person */
                        applicant: number;
                        /** @enum {unknown} */
                        state: "draft" | "submitted" | "approved" | "refused" | "withdrawn" | "expired" | "used";
                        content: string | null;
                        granted: {
                            /** @description Strokes */
                            count: number;
                            /** @description Unix seconds */
                            notBefore: number;
                            /** @description Unix seconds */
                            notAfter: number;
                            /** @description All of them must show themselves at the device */
                            persons: number[];
                            /** @description null: anywhere */
                            place: {
                                fences?: ({
                                    latitude: number;
                                    longitude: number;
                                    radius: number;
                                } | {
                                    corners: {
                                        latitude: number;
                                        longitude: number;
                                    }[];
                                })[];
                                maxAge?: number;
                                maxAccuracy?: number;
                            } | null;
                            /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                            crossPage: number;
                        };
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Unix seconds */
                        created: number;
                        /** @description Unix seconds */
                        updated: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        /** @description Id */
                        seal: string;
                        purpose: string;
                        /** @description SHA-256 */
                        document: string;
                        /** @description Strokes */
                        count: number;
                        /** @description Unix seconds */
                        notBefore: number;
                        /** @description Unix seconds */
                        notAfter: number;
                        /** @description All of them must show themselves at the device */
                        persons: number[];
                        photos: boolean;
                        strokeGrants: boolean;
                        /** @description Seconds after which an opened use closes by itself */
                        idle: number;
                        /** @description Only at its base */
                        dock: boolean;
                        /** @description Only while it stands still; with photos */
                        still: boolean;
                        /** @description Small photos, for slow lines */
                        small: boolean;
                        /** @description null: anywhere */
                        place: {
                            fences?: ({
                                latitude: number;
                                longitude: number;
                                radius: number;
                            } | {
                                corners: {
                                    latitude: number;
                                    longitude: number;
                                }[];
                            })[];
                            maxAge?: number;
                            maxAccuracy?: number;
                        } | null;
                        /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                        crossPage: number;
                        /** @description null: from before there were categories */
                        category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                        amount: number | null;
                        /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                        blank: boolean;
                        reportBy: number | null;
                        operator: number | null;
                        /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                        marks: {
                            page: number;
                            x: number;
                            y: number;
                        }[];
                        authority: string | null;
                        /** @description The rule that gave the chain; null: the seal itself */
                        rule: string | null;
                        permits: {
                            /**
                             * @description Permit id
                             * @example 70707070707070707070707070707070
                             */
                            id: string;
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            state: string;
                            code: string | null;
                            used: number;
                            /** @description Strokes it has in all */
                            count: number;
                            crossPage: boolean;
                            /** @description SHA-256 */
                            sha256: string;
                        }[];
                    };
                };
            };
        };
    };
    getV1Tasks: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        applications: {
                            /** @description Id */
                            id: string;
                            /** @description Person */
                            applicant: number;
                            /** @enum {unknown} */
                            state: "draft" | "submitted" | "approved" | "refused" | "withdrawn" | "expired" | "used";
                            content: string | null;
                            granted: {
                                /** @description Strokes */
                                count: number;
                                /** @description Unix seconds */
                                notBefore: number;
                                /** @description Unix seconds */
                                notAfter: number;
                                /** @description All of them must show themselves at the device */
                                persons: number[];
                                /** @description null: anywhere */
                                place: {
                                    fences?: ({
                                        latitude: number;
                                        longitude: number;
                                        radius: number;
                                    } | {
                                        corners: {
                                            latitude: number;
                                            longitude: number;
                                        }[];
                                    })[];
                                    maxAge?: number;
                                    maxAccuracy?: number;
                                } | null;
                                /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                                crossPage: number;
                            };
                            step: number;
                            chain: number[][];
                            /** @description How many of each step must approve, in the order of the steps */
                            needs: number[];
                            /** @description Who has approved the step that is due */
                            given: {
                                /** @description Person */
                                person: number;
                                /** @description In whose place, where not for themselves */
                                behalf: number | null;
                            }[];
                            /** @description Unix seconds */
                            created: number;
                            /** @description Unix seconds */
                            updated: number;
                            /** @description When the step that is due came to its approvers */
                            since: number;
                            /** @description Id */
                            seal: string;
                            purpose: string;
                            /** @description SHA-256 */
                            document: string;
                            /** @description Strokes */
                            count: number;
                            /** @description Unix seconds */
                            notBefore: number;
                            /** @description Unix seconds */
                            notAfter: number;
                            /** @description All of them must show themselves at the device */
                            persons: number[];
                            photos: boolean;
                            strokeGrants: boolean;
                            /** @description Seconds after which an opened use closes by itself */
                            idle: number;
                            /** @description Only at its base */
                            dock: boolean;
                            /** @description Only while it stands still; with photos */
                            still: boolean;
                            /** @description Small photos, for slow lines */
                            small: boolean;
                            /** @description null: anywhere */
                            place: {
                                fences?: ({
                                    latitude: number;
                                    longitude: number;
                                    radius: number;
                                } | {
                                    corners: {
                                        latitude: number;
                                        longitude: number;
                                    }[];
                                })[];
                                maxAge?: number;
                                maxAccuracy?: number;
                            } | null;
                            /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                            crossPage: number;
                            /** @description null: from before there were categories */
                            category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                            amount: number | null;
                            /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                            blank: boolean;
                            reportBy: number | null;
                            operator: number | null;
                            /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                            marks: {
                                page: number;
                                x: number;
                                y: number;
                            }[];
                            authority: string | null;
                            /** @description The rule that gave the chain; null: the seal itself */
                            rule: string | null;
                        }[];
                    };
                };
            };
        };
    };
    getV1Decisions: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        decisions: {
                            application: {
                                /** @description Id */
                                id: string;
                                /** @description Person */
                                applicant: number;
                                /** @enum {unknown} */
                                state: "draft" | "submitted" | "approved" | "refused" | "withdrawn" | "expired" | "used";
                                content: string | null;
                                granted: {
                                    /** @description Strokes */
                                    count: number;
                                    /** @description Unix seconds */
                                    notBefore: number;
                                    /** @description Unix seconds */
                                    notAfter: number;
                                    /** @description All of them must show themselves at the device */
                                    persons: number[];
                                    /** @description null: anywhere */
                                    place: {
                                        fences?: ({
                                            latitude: number;
                                            longitude: number;
                                            radius: number;
                                        } | {
                                            corners: {
                                                latitude: number;
                                                longitude: number;
                                            }[];
                                        })[];
                                        maxAge?: number;
                                        maxAccuracy?: number;
                                    } | null;
                                    /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                                    crossPage: number;
                                };
                                step: number;
                                chain: number[][];
                                /** @description How many of each step must approve, in the order of the steps */
                                needs: number[];
                                /** @description Who has approved the step that is due */
                                given: {
                                    /** @description Person */
                                    person: number;
                                    /** @description In whose place, where not for themselves */
                                    behalf: number | null;
                                }[];
                                /** @description Unix seconds */
                                created: number;
                                /** @description Unix seconds */
                                updated: number;
                                /** @description When the step that is due came to its approvers */
                                since: number;
                                /** @description Id */
                                seal: string;
                                purpose: string;
                                /** @description SHA-256 */
                                document: string;
                                /** @description Strokes */
                                count: number;
                                /** @description Unix seconds */
                                notBefore: number;
                                /** @description Unix seconds */
                                notAfter: number;
                                /** @description All of them must show themselves at the device */
                                persons: number[];
                                photos: boolean;
                                strokeGrants: boolean;
                                /** @description Seconds after which an opened use closes by itself */
                                idle: number;
                                /** @description Only at its base */
                                dock: boolean;
                                /** @description Only while it stands still; with photos */
                                still: boolean;
                                /** @description Small photos, for slow lines */
                                small: boolean;
                                /** @description null: anywhere */
                                place: {
                                    fences?: ({
                                        latitude: number;
                                        longitude: number;
                                        radius: number;
                                    } | {
                                        corners: {
                                            latitude: number;
                                            longitude: number;
                                        }[];
                                    })[];
                                    maxAge?: number;
                                    maxAccuracy?: number;
                                } | null;
                                /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                                crossPage: number;
                                /** @description null: from before there were categories */
                                category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                                amount: number | null;
                                /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                                blank: boolean;
                                reportBy: number | null;
                                operator: number | null;
                                /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                                marks: {
                                    page: number;
                                    x: number;
                                    y: number;
                                }[];
                                authority: string | null;
                                /** @description The rule that gave the chain; null: the seal itself */
                                rule: string | null;
                            };
                            decision: {
                                /** @description Id */
                                id: string;
                                /** @description Id */
                                application: string;
                                step: number;
                                /** @description Person */
                                person: number;
                                /** @description In whose place, where not for themselves */
                                behalf: number | null;
                                verdict: string;
                                reason: string | null;
                                narrow: {
                                    /** @description Strokes */
                                    count?: number;
                                    /** @description Unix seconds */
                                    notBefore?: number;
                                    /** @description Unix seconds */
                                    notAfter?: number;
                                    /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                                    crossPage?: number;
                                    /** @description Where it may be used: inside one of the fences, by a fix so old (s) and so inaccurate (m) at most */
                                    place?: {
                                        fences?: ({
                                            latitude: number;
                                            longitude: number;
                                            radius: number;
                                        } | {
                                            corners: {
                                                latitude: number;
                                                longitude: number;
                                            }[];
                                        })[];
                                        maxAge?: number;
                                        maxAccuracy?: number;
                                    };
                                    /** @description All who were named, and who must be there besides */
                                    persons?: number[];
                                } | null;
                                /** @description SHA-256 */
                                content: string;
                                /** @description Unix seconds */
                                at: number;
                            };
                            strokes: {
                                stamped: number;
                                failed: number;
                                unknown: number;
                                pending: number;
                                /** @description Whose photo is not what was approved */
                                differing: number;
                                /** @description When the newest began; null: none, or the unit knew no time */
                                last: number | null;
                            };
                        }[];
                    };
                };
            };
        };
    };
    getV1ApplicationsIdDecisions: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        decisions: {
                            /** @description Id */
                            id: string;
                            /** @description Id */
                            application: string;
                            step: number;
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                            verdict: string;
                            reason: string | null;
                            narrow: {
                                /** @description Strokes */
                                count?: number;
                                /** @description Unix seconds */
                                notBefore?: number;
                                /** @description Unix seconds */
                                notAfter?: number;
                                /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                                crossPage?: number;
                                /** @description Where it may be used: inside one of the fences, by a fix so old (s) and so inaccurate (m) at most */
                                place?: {
                                    fences?: ({
                                        latitude: number;
                                        longitude: number;
                                        radius: number;
                                    } | {
                                        corners: {
                                            latitude: number;
                                            longitude: number;
                                        }[];
                                    })[];
                                    maxAge?: number;
                                    maxAccuracy?: number;
                                };
                                /** @description All who were named, and who must be there besides */
                                persons?: number[];
                            } | null;
                            /** @description SHA-256 */
                            content: string;
                            /** @description Unix seconds */
                            at: number;
                        }[];
                    };
                };
            };
        };
    };
    postV1ApplicationsIdApprove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Hash of the content that was looked at */
                    content: string;
                    reason?: string;
                    narrow?: {
                        /** @description Strokes */
                        count?: number;
                        /** @description Unix seconds */
                        notBefore?: number;
                        /** @description Unix seconds */
                        notAfter?: number;
                        /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                        crossPage?: number;
                        /** @description Where it may be used: inside one of the fences, by a fix so old (s) and so inaccurate (m) at most */
                        place?: {
                            fences?: ({
                                latitude: number;
                                longitude: number;
                                radius: number;
                            } | {
                                corners: {
                                    latitude: number;
                                    longitude: number;
                                }[];
                            })[];
                            maxAge?: number;
                            maxAccuracy?: number;
                        };
                        /** @description All who were named, and who must be there besides */
                        persons?: number[];
                    };
                    signature?: {
                        id: string;
                        rawId: string;
                        /** @enum {string} */
                        type: "public-key";
                        clientExtensionResults: {
                            [key: string]: unknown;
                        };
                        authenticatorAttachment?: string;
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @description Person */
                        applicant: number;
                        /** @enum {unknown} */
                        state: "draft" | "submitted" | "approved" | "refused" | "withdrawn" | "expired" | "used";
                        content: string | null;
                        granted: {
                            /** @description Strokes */
                            count: number;
                            /** @description Unix seconds */
                            notBefore: number;
                            /** @description Unix seconds */
                            notAfter: number;
                            /** @description All of them must show themselves at the device */
                            persons: number[];
                            /** @description null: anywhere */
                            place: {
                                fences?: ({
                                    latitude: number;
                                    longitude: number;
                                    radius: number;
                                } | {
                                    corners: {
                                        latitude: number;
                                        longitude: number;
                                    }[];
                                })[];
                                maxAge?: number;
                                maxAccuracy?: number;
                            } | null;
                            /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                            crossPage: number;
                        };
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Unix seconds */
                        created: number;
                        /** @description Unix seconds */
                        updated: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        /** @description Id */
                        seal: string;
                        purpose: string;
                        /** @description SHA-256 */
                        document: string;
                        /** @description Strokes */
                        count: number;
                        /** @description Unix seconds */
                        notBefore: number;
                        /** @description Unix seconds */
                        notAfter: number;
                        /** @description All of them must show themselves at the device */
                        persons: number[];
                        photos: boolean;
                        strokeGrants: boolean;
                        /** @description Seconds after which an opened use closes by itself */
                        idle: number;
                        /** @description Only at its base */
                        dock: boolean;
                        /** @description Only while it stands still; with photos */
                        still: boolean;
                        /** @description Small photos, for slow lines */
                        small: boolean;
                        /** @description null: anywhere */
                        place: {
                            fences?: ({
                                latitude: number;
                                longitude: number;
                                radius: number;
                            } | {
                                corners: {
                                    latitude: number;
                                    longitude: number;
                                }[];
                            })[];
                            maxAge?: number;
                            maxAccuracy?: number;
                        } | null;
                        /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                        crossPage: number;
                        /** @description null: from before there were categories */
                        category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                        amount: number | null;
                        /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                        blank: boolean;
                        reportBy: number | null;
                        operator: number | null;
                        /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                        marks: {
                            page: number;
                            x: number;
                            y: number;
                        }[];
                        authority: string | null;
                        /** @description The rule that gave the chain; null: the seal itself */
                        rule: string | null;
                        permits: {
                            /**
                             * @description Permit id
                             * @example 70707070707070707070707070707070
                             */
                            id: string;
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            state: string;
                            code: string | null;
                            used: number;
                            /** @description Strokes it has in all */
                            count: number;
                            crossPage: boolean;
                            /** @description SHA-256 */
                            sha256: string;
                        }[];
                    };
                };
            };
        };
    };
    postV1ApplicationsIdRefuse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Hash of the content that was looked at */
                    content: string;
                    reason: string;
                    signature?: {
                        id: string;
                        rawId: string;
                        /** @enum {string} */
                        type: "public-key";
                        clientExtensionResults: {
                            [key: string]: unknown;
                        };
                        authenticatorAttachment?: string;
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @description Person */
                        applicant: number;
                        /** @enum {unknown} */
                        state: "draft" | "submitted" | "approved" | "refused" | "withdrawn" | "expired" | "used";
                        content: string | null;
                        granted: {
                            /** @description Strokes */
                            count: number;
                            /** @description Unix seconds */
                            notBefore: number;
                            /** @description Unix seconds */
                            notAfter: number;
                            /** @description All of them must show themselves at the device */
                            persons: number[];
                            /** @description null: anywhere */
                            place: {
                                fences?: ({
                                    latitude: number;
                                    longitude: number;
                                    radius: number;
                                } | {
                                    corners: {
                                        latitude: number;
                                        longitude: number;
                                    }[];
                                })[];
                                maxAge?: number;
                                maxAccuracy?: number;
                            } | null;
                            /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                            crossPage: number;
                        };
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Unix seconds */
                        created: number;
                        /** @description Unix seconds */
                        updated: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        /** @description Id */
                        seal: string;
                        purpose: string;
                        /** @description SHA-256 */
                        document: string;
                        /** @description Strokes */
                        count: number;
                        /** @description Unix seconds */
                        notBefore: number;
                        /** @description Unix seconds */
                        notAfter: number;
                        /** @description All of them must show themselves at the device */
                        persons: number[];
                        photos: boolean;
                        strokeGrants: boolean;
                        /** @description Seconds after which an opened use closes by itself */
                        idle: number;
                        /** @description Only at its base */
                        dock: boolean;
                        /** @description Only while it stands still; with photos */
                        still: boolean;
                        /** @description Small photos, for slow lines */
                        small: boolean;
                        /** @description null: anywhere */
                        place: {
                            fences?: ({
                                latitude: number;
                                longitude: number;
                                radius: number;
                            } | {
                                corners: {
                                    latitude: number;
                                    longitude: number;
                                }[];
                            })[];
                            maxAge?: number;
                            maxAccuracy?: number;
                        } | null;
                        /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                        crossPage: number;
                        /** @description null: from before there were categories */
                        category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                        amount: number | null;
                        /** @description Asks for blank or unfilled paper as an exception (空白用纸); with reportBy */
                        blank: boolean;
                        reportBy: number | null;
                        operator: number | null;
                        /** @description Where the stamp goes: page, and ten-thousandths of its width and height */
                        marks: {
                            page: number;
                            x: number;
                            y: number;
                        }[];
                        authority: string | null;
                        /** @description The rule that gave the chain; null: the seal itself */
                        rule: string | null;
                        permits: {
                            /**
                             * @description Permit id
                             * @example 70707070707070707070707070707070
                             */
                            id: string;
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            state: string;
                            code: string | null;
                            used: number;
                            /** @description Strokes it has in all */
                            count: number;
                            crossPage: boolean;
                            /** @description SHA-256 */
                            sha256: string;
                        }[];
                    };
                };
            };
        };
    };
    postV1PermitsIdStrokes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Permit id
                 * @example 70707070707070707070707070707070
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description SHA-256 */
                    photo: string;
                    number: number;
                    /** @description Why it is granted although places of the page are open; only by who decides last */
                    open?: string;
                    signature?: {
                        id: string;
                        rawId: string;
                        /** @enum {string} */
                        type: "public-key";
                        clientExtensionResults: {
                            [key: string]: unknown;
                        };
                        authenticatorAttachment?: string;
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Taken; it is carried out later */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        statement: string;
                        number: number;
                    };
                };
            };
        };
    };
    getV1ApplicationsIdUses: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        uses: {
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            intent: number;
                            /**
                             * @description Permit id
                             * @example 70707070707070707070707070707070
                             */
                            permit: string;
                            use: number;
                            application: string | null;
                            purpose: string | null;
                            applicant: number | null;
                            seal: string | null;
                            document: string | null;
                            charged: number;
                            time: number | null;
                            outcome: number | null;
                            result: "stamped" | "failed" | "unknown" | "pending";
                            before: string | null;
                            after: string | null;
                            beforeStored: boolean;
                            afterStored: boolean;
                            /** @description What was found in the photo after the stroke, or in those of its sheets; null: it has not been judged */
                            impression: {
                                /**
                                 * @description same: a good impression on the approved page; different: a person has to look, and there is a case; unreadable: the photo is too poor; failed: there is no verdict
                                 * @enum {unknown}
                                 */
                                verdict: "same" | "different" | "unreadable" | "failed";
                                /** @description foreign: of another seal; none: the stroke left nothing; null: the page could not be judged */
                                grade: ("good" | "faint" | "incomplete" | "smeared" | "foreign" | "none") | null;
                                /** @description Page of the approved document, from 1 */
                                page: number | null;
                                reasons: {
                                    code: string;
                                    text: {
                                        en: string;
                                        zh: string;
                                    };
                                }[];
                                /** @description Share of the relief that left ink, 0..1 */
                                completeness: number | null;
                                /** @description Ink beside the relief, 0..1 of all */
                                smear: number | null;
                                /** @description Density of the film, 0..1 */
                                ink: number | null;
                                /** @description Degrees clockwise against the sample */
                                rotation: number | null;
                                /** @description Millimetres from where it was meant to be; null: nothing was said of that */
                                off: number | null;
                                /** @description Key elements under it */
                                covers: string[];
                                /** @description Of so many sheets of a cross-page stroke, laid together; null: of one page */
                                sheets: number | null;
                                /** @description Unix seconds */
                                at: number;
                                /** @description Entry of the register */
                                entry: number;
                            } | null;
                            /** @description Over the edges of several sheets (骑缝) */
                            crossPage: boolean;
                            /** @description Photos of its sheets, set after set */
                            sheets: {
                                round: number;
                                sheet: number;
                                /** @description SHA-256 */
                                sha256: string;
                            }[];
                        }[];
                    };
                };
            };
        };
    };
    getV1ApplicationsIdPhotosDigest: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
                /** @description SHA-256 */
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The photo */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
        };
    };
    getV1PermitsIdPhotos: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Permit id
                 * @example 70707070707070707070707070707070
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        photos: {
                            /** @description SHA-256 */
                            digest: string;
                            time: number | null;
                            stored: boolean;
                            /** @description A stroke was begun on it */
                            stroked: boolean;
                        }[];
                    };
                };
            };
        };
    };
    getV1ApplicationsIdLately: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        uses: {
                            application: string | null;
                            purpose: string | null;
                            applicant: number | null;
                            time: number | null;
                            result: "stamped" | "failed" | "unknown" | "pending";
                        }[];
                    };
                };
            };
        };
    };
    getV1Scopes: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        scopes: {
                            /** @enum {unknown} */
                            kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                            categories: ("letter" | "internal" | "contract" | "finance" | "other")[];
                            /** @description Nobody has changed it */
                            usual: boolean;
                        }[];
                    };
                };
            };
        };
    };
    putV1ScopesKind: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: "company" | "department" | "contract" | "finance" | "legal-representative";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The first is that of an application which names none */
                    categories: ("letter" | "internal" | "contract" | "finance" | "other")[];
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                        categories: ("letter" | "internal" | "contract" | "finance" | "other")[];
                        /** @description Nobody has changed it */
                        usual: boolean;
                    };
                };
            };
        };
    };
    getV1Chains: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rules: {
                            /** @description Id */
                            id: string;
                            name: string;
                            /**
                             * @description use of a seal; blank: its use on blank paper, which nobody may grant where no rule says who; take-out: taking the unit out of the house
                             * @enum {unknown}
                             */
                            matter: "use" | "take-out" | "blank";
                            seal: string | null;
                            kind: ("company" | "department" | "contract" | "finance" | "legal-representative") | null;
                            category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                            amountFrom: number | null;
                            /** @description In order. Persons of whom any one decides; "any": whoever is an approver and did not ask for it; or several of them (m of n) */
                            steps: (number[] | "any" | {
                                /** @description These persons, or all approvers who hold this role and did not ask for it */
                                of: number[] | ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin");
                                /** @description So many of them must approve, each once; one who refuses ends it */
                                need: number;
                            })[];
                            authority: string | null;
                            remindAfter: number | null;
                            escalateAfter: number | null;
                            archiveWithin: number | null;
                        }[];
                    };
                };
            };
        };
    };
    postV1Chains: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    rule: {
                        name: string;
                        /**
                         * @description use of a seal; blank: its use on blank paper, which nobody may grant where no rule says who; take-out: taking the unit out of the house
                         * @enum {unknown}
                         */
                        matter?: "use" | "take-out" | "blank";
                        /** @description Id */
                        seal?: string;
                        /** @enum {unknown} */
                        kind?: "company" | "department" | "contract" | "finance" | "legal-representative";
                        /**
                         * @description letter: letters and reports (信函、报告); internal: inside a department (部门内部); contract (合同); finance (财务); other (其他)
                         * @enum {unknown}
                         */
                        category?: "letter" | "internal" | "contract" | "finance" | "other";
                        /** @description Fen, hundredths of a yuan */
                        amountFrom?: number;
                        /** @description In order. Persons of whom any one decides; "any": whoever is an approver and did not ask for it; or several of them (m of n) */
                        steps?: (number[] | "any" | {
                            /** @description These persons, or all approvers who hold this role and did not ask for it */
                            of: number[] | ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin");
                            /** @description So many of them must approve, each once; one who refuses ends it */
                            need: number;
                        })[];
                        /** @description Outside authority that decides in place of steps here, by its name in the configuration */
                        authority?: string;
                        /** @description Seconds until the approvers of a step are reminded; as the organisation has settled it where absent */
                        remindAfter?: number;
                        /** @description Seconds from the first reminder until the step goes to others as well; as the organisation has settled it where absent */
                        escalateAfter?: number;
                        /** @description Seconds from the end of a use until its stamped paper is filed; as the organisation has settled it where absent */
                        archiveWithin?: number;
                    };
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        name: string;
                        /**
                         * @description use of a seal; blank: its use on blank paper, which nobody may grant where no rule says who; take-out: taking the unit out of the house
                         * @enum {unknown}
                         */
                        matter: "use" | "take-out" | "blank";
                        seal: string | null;
                        kind: ("company" | "department" | "contract" | "finance" | "legal-representative") | null;
                        category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                        amountFrom: number | null;
                        /** @description In order. Persons of whom any one decides; "any": whoever is an approver and did not ask for it; or several of them (m of n) */
                        steps: (number[] | "any" | {
                            /** @description These persons, or all approvers who hold this role and did not ask for it */
                            of: number[] | ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin");
                            /** @description So many of them must approve, each once; one who refuses ends it */
                            need: number;
                        })[];
                        authority: string | null;
                        remindAfter: number | null;
                        escalateAfter: number | null;
                        archiveWithin: number | null;
                    };
                };
            };
        };
    };
    putV1ChainsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    rule: {
                        name: string;
                        /**
                         * @description use of a seal; blank: its use on blank paper, which nobody may grant where no rule says who; take-out: taking the unit out of the house
                         * @enum {unknown}
                         */
                        matter?: "use" | "take-out" | "blank";
                        /** @description Id */
                        seal?: string;
                        /** @enum {unknown} */
                        kind?: "company" | "department" | "contract" | "finance" | "legal-representative";
                        /**
                         * @description letter: letters and reports (信函、报告); internal: inside a department (部门内部); contract (合同); finance (财务); other (其他)
                         * @enum {unknown}
                         */
                        category?: "letter" | "internal" | "contract" | "finance" | "other";
                        /** @description Fen, hundredths of a yuan */
                        amountFrom?: number;
                        /** @description In order. Persons of whom any one decides; "any": whoever is an approver and did not ask for it; or several of them (m of n) */
                        steps?: (number[] | "any" | {
                            /** @description These persons, or all approvers who hold this role and did not ask for it */
                            of: number[] | ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin");
                            /** @description So many of them must approve, each once; one who refuses ends it */
                            need: number;
                        })[];
                        /** @description Outside authority that decides in place of steps here, by its name in the configuration */
                        authority?: string;
                        /** @description Seconds until the approvers of a step are reminded; as the organisation has settled it where absent */
                        remindAfter?: number;
                        /** @description Seconds from the first reminder until the step goes to others as well; as the organisation has settled it where absent */
                        escalateAfter?: number;
                        /** @description Seconds from the end of a use until its stamped paper is filed; as the organisation has settled it where absent */
                        archiveWithin?: number;
                    };
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        name: string;
                        /**
                         * @description use of a seal; blank: its use on blank paper, which nobody may grant where no rule says who; take-out: taking the unit out of the house
                         * @enum {unknown}
                         */
                        matter: "use" | "take-out" | "blank";
                        seal: string | null;
                        kind: ("company" | "department" | "contract" | "finance" | "legal-representative") | null;
                        category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                        amountFrom: number | null;
                        /** @description In order. Persons of whom any one decides; "any": whoever is an approver and did not ask for it; or several of them (m of n) */
                        steps: (number[] | "any" | {
                            /** @description These persons, or all approvers who hold this role and did not ask for it */
                            of: number[] | ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin");
                            /** @description So many of them must approve, each once; one who refuses ends it */
                            need: number;
                        })[];
                        authority: string | null;
                        remindAfter: number | null;
                        escalateAfter: number | null;
                        archiveWithin: number | null;
                    };
                };
            };
        };
    };
    postV1ChainsIdRemove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        name: string;
                        /**
                         * @description use of a seal; blank: its use on blank paper, which nobody may grant where no rule says who; take-out: taking the unit out of the house
                         * @enum {unknown}
                         */
                        matter: "use" | "take-out" | "blank";
                        seal: string | null;
                        kind: ("company" | "department" | "contract" | "finance" | "legal-representative") | null;
                        category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                        amountFrom: number | null;
                        /** @description In order. Persons of whom any one decides; "any": whoever is an approver and did not ask for it; or several of them (m of n) */
                        steps: (number[] | "any" | {
                            /** @description These persons, or all approvers who hold this role and did not ask for it */
                            of: number[] | ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin");
                            /** @description So many of them must approve, each once; one who refuses ends it */
                            need: number;
                        })[];
                        authority: string | null;
                        remindAfter: number | null;
                        escalateAfter: number | null;
                        archiveWithin: number | null;
                    };
                };
            };
        };
    };
    postV1ChainsPreview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Id */
                    seal: string;
                    /**
                     * @description use of a seal; blank: its use on blank paper, which nobody may grant where no rule says who; take-out: taking the unit out of the house
                     * @enum {unknown}
                     */
                    matter?: "use" | "take-out" | "blank";
                    /**
                     * @description letter: letters and reports (信函、报告); internal: inside a department (部门内部); contract (合同); finance (财务); other (其他)
                     * @enum {unknown}
                     */
                    category?: "letter" | "internal" | "contract" | "finance" | "other";
                    /** @description Fen, hundredths of a yuan */
                    amount?: number;
                    /** @description Person */
                    applicant?: number;
                    draft?: {
                        name: string;
                        /**
                         * @description use of a seal; blank: its use on blank paper, which nobody may grant where no rule says who; take-out: taking the unit out of the house
                         * @enum {unknown}
                         */
                        matter?: "use" | "take-out" | "blank";
                        /** @description Id */
                        seal?: string;
                        /** @enum {unknown} */
                        kind?: "company" | "department" | "contract" | "finance" | "legal-representative";
                        /**
                         * @description letter: letters and reports (信函、报告); internal: inside a department (部门内部); contract (合同); finance (财务); other (其他)
                         * @enum {unknown}
                         */
                        category?: "letter" | "internal" | "contract" | "finance" | "other";
                        /** @description Fen, hundredths of a yuan */
                        amountFrom?: number;
                        /** @description In order. Persons of whom any one decides; "any": whoever is an approver and did not ask for it; or several of them (m of n) */
                        steps?: (number[] | "any" | {
                            /** @description These persons, or all approvers who hold this role and did not ask for it */
                            of: number[] | ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin");
                            /** @description So many of them must approve, each once; one who refuses ends it */
                            need: number;
                        })[];
                        /** @description Outside authority that decides in place of steps here, by its name in the configuration */
                        authority?: string;
                        /** @description Seconds until the approvers of a step are reminded; as the organisation has settled it where absent */
                        remindAfter?: number;
                        /** @description Seconds from the first reminder until the step goes to others as well; as the organisation has settled it where absent */
                        escalateAfter?: number;
                        /** @description Seconds from the end of a use until its stamped paper is filed; as the organisation has settled it where absent */
                        archiveWithin?: number;
                    };
                    /** @description Id */
                    replaces?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description null: the chain of the seal itself; a draft has the id 0000000000000000 */
                        rule: {
                            /** @description Id */
                            id: string;
                            name: string;
                            /**
                             * @description use of a seal; blank: its use on blank paper, which nobody may grant where no rule says who; take-out: taking the unit out of the house
                             * @enum {unknown}
                             */
                            matter: "use" | "take-out" | "blank";
                            seal: string | null;
                            kind: ("company" | "department" | "contract" | "finance" | "legal-representative") | null;
                            category: ("letter" | "internal" | "contract" | "finance" | "other") | null;
                            amountFrom: number | null;
                            /** @description In order. Persons of whom any one decides; "any": whoever is an approver and did not ask for it; or several of them (m of n) */
                            steps: (number[] | "any" | {
                                /** @description These persons, or all approvers who hold this role and did not ask for it */
                                of: number[] | ("applicant" | "approver" | "custodian" | "holder" | "operator" | "witness" | "auditor" | "technician" | "admin");
                                /** @description So many of them must approve, each once; one who refuses ends it */
                                need: number;
                            })[];
                            authority: string | null;
                            remindAfter: number | null;
                            escalateAfter: number | null;
                            archiveWithin: number | null;
                        } | null;
                        steps: {
                            /** @description Person */
                            id: number;
                            name: string;
                            /** @description Is an approver now, and not who asks */
                            may: boolean;
                        }[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                    };
                };
            };
        };
    };
    getV1Delegations: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        delegations: {
                            /** @description Id */
                            id: string;
                            /** @description Person */
                            giver: number;
                            /** @description Person */
                            delegate: number;
                            /** @description Unix seconds */
                            from: number;
                            /** @description Unix seconds */
                            until: number;
                            reason: string;
                            /** @description Unix seconds */
                            created: number;
                            /** @description When the giver ended it before its time */
                            ended: number | null;
                        }[];
                    };
                };
            };
        };
    };
    postV1Delegations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Person */
                    delegate: number;
                    /** @description Unix seconds */
                    from?: number;
                    /** @description Unix seconds; at most 92 days after it begins */
                    until: number;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @description Person */
                        giver: number;
                        /** @description Person */
                        delegate: number;
                        /** @description Unix seconds */
                        from: number;
                        /** @description Unix seconds */
                        until: number;
                        reason: string;
                        /** @description Unix seconds */
                        created: number;
                        /** @description When the giver ended it before its time */
                        ended: number | null;
                    };
                };
            };
        };
    };
    postV1DelegationsIdEnd: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @description Person */
                        giver: number;
                        /** @description Person */
                        delegate: number;
                        /** @description Unix seconds */
                        from: number;
                        /** @description Unix seconds */
                        until: number;
                        reason: string;
                        /** @description Unix seconds */
                        created: number;
                        /** @description When the giver ended it before its time */
                        ended: number | null;
                    };
                };
            };
        };
    };
    postV1PermitsIdTopUps: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Permit id
                 * @example 70707070707070707070707070707070
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Strokes from now on, in all */
                    count: number;
                    reason: string;
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /**
                         * @description Permit id
                         * @example 70707070707070707070707070707070
                         */
                        permit: string;
                        /** @description Id */
                        application: string;
                        /** @description Strokes from now on, in all */
                        count: number;
                        reason: string;
                        /** @enum {unknown} */
                        state: "submitted" | "approved" | "refused" | "withdrawn" | "expired";
                        /** @description SHA-256 */
                        content: string;
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Who has approved so far */
                        decided: number[];
                        /** @description Unix seconds */
                        created: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                    };
                };
            };
        };
    };
    postV1PermitsIdTopUpsOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Permit id
                 * @example 70707070707070707070707070707070
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Strokes from now on, in all */
                    count: number;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        /** @description Base64 of what is signed */
                        form: string;
                        /** @description For navigator.credentials.get */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    getV1TopUps: {
        parameters: {
            query?: {
                state?: "submitted" | "approved" | "refused" | "withdrawn" | "expired";
                /** @description Those that wait for my decision */
                mine?: boolean;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        topUps: {
                            /** @description Id */
                            id: string;
                            /**
                             * @description Permit id
                             * @example 70707070707070707070707070707070
                             */
                            permit: string;
                            /** @description Id */
                            application: string;
                            /** @description Strokes from now on, in all */
                            count: number;
                            reason: string;
                            /** @enum {unknown} */
                            state: "submitted" | "approved" | "refused" | "withdrawn" | "expired";
                            /** @description SHA-256 */
                            content: string;
                            step: number;
                            chain: number[][];
                            /** @description How many of each step must approve, in the order of the steps */
                            needs: number[];
                            /** @description Who has approved the step that is due */
                            given: {
                                /** @description Person */
                                person: number;
                                /** @description In whose place, where not for themselves */
                                behalf: number | null;
                            }[];
                            /** @description Who has approved so far */
                            decided: number[];
                            /** @description Unix seconds */
                            created: number;
                            /** @description When the step that is due came to its approvers */
                            since: number;
                        }[];
                    };
                };
            };
        };
    };
    postV1TopUpsIdApprove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description SHA-256 */
                    content: string;
                    reason?: string;
                    /** @description Strokes from now on, in all */
                    count?: number;
                    signature?: {
                        id: string;
                        rawId: string;
                        /** @enum {string} */
                        type: "public-key";
                        clientExtensionResults: {
                            [key: string]: unknown;
                        };
                        authenticatorAttachment?: string;
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /**
                         * @description Permit id
                         * @example 70707070707070707070707070707070
                         */
                        permit: string;
                        /** @description Id */
                        application: string;
                        /** @description Strokes from now on, in all */
                        count: number;
                        reason: string;
                        /** @enum {unknown} */
                        state: "submitted" | "approved" | "refused" | "withdrawn" | "expired";
                        /** @description SHA-256 */
                        content: string;
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Who has approved so far */
                        decided: number[];
                        /** @description Unix seconds */
                        created: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                    };
                };
            };
        };
    };
    postV1TopUpsIdRefuse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description SHA-256 */
                    content: string;
                    reason?: string;
                    /** @description Strokes from now on, in all */
                    count?: number;
                    signature?: {
                        id: string;
                        rawId: string;
                        /** @enum {string} */
                        type: "public-key";
                        clientExtensionResults: {
                            [key: string]: unknown;
                        };
                        authenticatorAttachment?: string;
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /**
                         * @description Permit id
                         * @example 70707070707070707070707070707070
                         */
                        permit: string;
                        /** @description Id */
                        application: string;
                        /** @description Strokes from now on, in all */
                        count: number;
                        reason: string;
                        /** @enum {unknown} */
                        state: "submitted" | "approved" | "refused" | "withdrawn" | "expired";
                        /** @description SHA-256 */
                        content: string;
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Who has approved so far */
                        decided: number[];
                        /** @description Unix seconds */
                        created: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                    };
                };
            };
        };
    };
    postV1TopUpsIdWithdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /**
                         * @description Permit id
                         * @example 70707070707070707070707070707070
                         */
                        permit: string;
                        /** @description Id */
                        application: string;
                        /** @description Strokes from now on, in all */
                        count: number;
                        reason: string;
                        /** @enum {unknown} */
                        state: "submitted" | "approved" | "refused" | "withdrawn" | "expired";
                        /** @description SHA-256 */
                        content: string;
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Who has approved so far */
                        decided: number[];
                        /** @description Unix seconds */
                        created: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                    };
                };
            };
        };
    };
    postV1PermitsIdReject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Permit id
                 * @example 70707070707070707070707070707070
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description SHA-256 */
                    photo: string;
                    number: number;
                    reason: string;
                    signature?: {
                        id: string;
                        rawId: string;
                        /** @enum {string} */
                        type: "public-key";
                        clientExtensionResults: {
                            [key: string]: unknown;
                        };
                        authenticatorAttachment?: string;
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Taken; it is carried out later */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        statement: string;
                        number: number;
                    };
                };
            };
        };
    };
    getV1Reminders: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        reminders: {
                            /** @enum {unknown} */
                            kind: "application" | "ceremony" | "top-up";
                            /** @description Of the application, ceremony or top-up */
                            id: string;
                            step: number;
                            /** @description When the step came to those who decide it */
                            since: number;
                            /** @description How often they were reminded */
                            count: number;
                            /** @description Unix seconds */
                            last: number;
                            /** @description When it went to others as well */
                            escalated: number | null;
                            /** @description To whom */
                            added: number[];
                        }[];
                    };
                };
            };
        };
    };
    getV1ApplicationsIdSignatures: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        signatures: {
                            /** @enum {unknown} */
                            matter: "application" | "ceremony" | "top-up" | "stroke" | "seal" | "code" | "card";
                            /** @description Application (also of a code), ceremony, top-up, permit of the stroke, step in the life of the seal, or seal or unit whose card it is */
                            subject: string;
                            /** @enum {unknown} */
                            decision: "applied" | "asked" | "approved" | "refused" | "granted" | "rejected" | "noted";
                            /** @description Of the chain; of a stroke the number of its photo */
                            step: number;
                            /** @description Person */
                            person: number;
                            /** @description Id */
                            passkey: string;
                            /** @description Unix seconds */
                            at: number;
                            /** @description Of the register, which holds the whole of it */
                            entry: number;
                            /** @description Base64 of what was signed: its SHA-256 is the challenge */
                            form: string;
                            /** @description Base64 of the COSE key */
                            key: string;
                            /** @description Base64 */
                            authenticatorData: string;
                            /** @description Base64 */
                            clientData: string;
                            /** @description Base64 */
                            signature: string;
                        }[];
                    };
                };
            };
        };
    };
    getV1CeremoniesIdSignatures: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Ceremony */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        signatures: {
                            /** @enum {unknown} */
                            matter: "application" | "ceremony" | "top-up" | "stroke" | "seal" | "code" | "card";
                            /** @description Application (also of a code), ceremony, top-up, permit of the stroke, step in the life of the seal, or seal or unit whose card it is */
                            subject: string;
                            /** @enum {unknown} */
                            decision: "applied" | "asked" | "approved" | "refused" | "granted" | "rejected" | "noted";
                            /** @description Of the chain; of a stroke the number of its photo */
                            step: number;
                            /** @description Person */
                            person: number;
                            /** @description Id */
                            passkey: string;
                            /** @description Unix seconds */
                            at: number;
                            /** @description Of the register, which holds the whole of it */
                            entry: number;
                            /** @description Base64 of what was signed: its SHA-256 is the challenge */
                            form: string;
                            /** @description Base64 of the COSE key */
                            key: string;
                            /** @description Base64 */
                            authenticatorData: string;
                            /** @description Base64 */
                            clientData: string;
                            /** @description Base64 */
                            signature: string;
                        }[];
                    };
                };
            };
        };
    };
    getV1SealsIdSignatures: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        signatures: {
                            /** @enum {unknown} */
                            matter: "application" | "ceremony" | "top-up" | "stroke" | "seal" | "code" | "card";
                            /** @description Application (also of a code), ceremony, top-up, permit of the stroke, step in the life of the seal, or seal or unit whose card it is */
                            subject: string;
                            /** @enum {unknown} */
                            decision: "applied" | "asked" | "approved" | "refused" | "granted" | "rejected" | "noted";
                            /** @description Of the chain; of a stroke the number of its photo */
                            step: number;
                            /** @description Person */
                            person: number;
                            /** @description Id */
                            passkey: string;
                            /** @description Unix seconds */
                            at: number;
                            /** @description Of the register, which holds the whole of it */
                            entry: number;
                            /** @description Base64 of what was signed: its SHA-256 is the challenge */
                            form: string;
                            /** @description Base64 of the COSE key */
                            key: string;
                            /** @description Base64 */
                            authenticatorData: string;
                            /** @description Base64 */
                            clientData: string;
                            /** @description Base64 */
                            signature: string;
                        }[];
                    };
                };
            };
        };
    };
    postV1ApplicationsIdSignaturesOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    decision: "applied" | "approved" | "refused";
                    narrow?: {
                        /** @description Strokes */
                        count?: number;
                        /** @description Unix seconds */
                        notBefore?: number;
                        /** @description Unix seconds */
                        notAfter?: number;
                        /** @description Strokes over the edges of several sheets (骑缝), under a permit of their own */
                        crossPage?: number;
                        /** @description Where it may be used: inside one of the fences, by a fix so old (s) and so inaccurate (m) at most */
                        place?: {
                            fences?: ({
                                latitude: number;
                                longitude: number;
                                radius: number;
                            } | {
                                corners: {
                                    latitude: number;
                                    longitude: number;
                                }[];
                            })[];
                            maxAge?: number;
                            maxAccuracy?: number;
                        };
                        /** @description All who were named, and who must be there besides */
                        persons?: number[];
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Base64 of what is signed */
                        form: string;
                        /** @description For navigator.credentials.get */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    postV1CeremoniesIdSignaturesOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Ceremony */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    decision: "approved" | "refused";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Base64 of what is signed */
                        form: string;
                        /** @description For navigator.credentials.get */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    postV1TopUpsIdSignaturesOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    decision: "approved" | "refused";
                    count?: number;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Base64 of what is signed */
                        form: string;
                        /** @description For navigator.credentials.get */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    postV1PermitsIdSignaturesOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Permit id
                 * @example 70707070707070707070707070707070
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    decision: "granted" | "rejected";
                    /** @description SHA-256 */
                    photo: string;
                    number: number;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Base64 of what is signed */
                        form: string;
                        /** @description For navigator.credentials.get */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    getV1Reports: {
        parameters: {
            query?: {
                state?: "open" | "owed" | "made" | "void";
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        reports: {
                            /** @description Id */
                            application: string;
                            /**
                             * @description blank: an account of blank paper; archive: stamped paper for the archive
                             * @enum {unknown}
                             */
                            kind: "blank" | "archive";
                            /** @enum {unknown} */
                            state: "open" | "owed" | "made" | "void";
                            /** @description Person */
                            applicant: number;
                            /** @description Id */
                            seal: string;
                            purpose: string;
                            due: number | null;
                            reminded: number;
                            made: number | null;
                            used: number | null;
                            unused: number | null;
                            note: string | null;
                            papers: {
                                /**
                                 * @description Device id
                                 * @example 00112233445566aa
                                 */
                                device: string;
                                /** @description Of the stroke, as the register of uses names it */
                                intent: number;
                                document: string | null;
                                page: number | null;
                                pageSha256: string | null;
                                photo: string | null;
                                /**
                                 * @description Of the finished page with that photo
                                 * @enum {unknown}
                                 */
                                verdict: "same" | "different" | "unreadable" | "not-compared";
                                note: string | null;
                            }[];
                        }[];
                    };
                };
            };
        };
    };
    getV1ApplicationsIdReport: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        application: string;
                        /**
                         * @description blank: an account of blank paper; archive: stamped paper for the archive
                         * @enum {unknown}
                         */
                        kind: "blank" | "archive";
                        /** @enum {unknown} */
                        state: "open" | "owed" | "made" | "void";
                        /** @description Person */
                        applicant: number;
                        /** @description Id */
                        seal: string;
                        purpose: string;
                        due: number | null;
                        reminded: number;
                        made: number | null;
                        used: number | null;
                        unused: number | null;
                        note: string | null;
                        papers: {
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            /** @description Of the stroke, as the register of uses names it */
                            intent: number;
                            document: string | null;
                            page: number | null;
                            pageSha256: string | null;
                            photo: string | null;
                            /**
                             * @description Of the finished page with that photo
                             * @enum {unknown}
                             */
                            verdict: "same" | "different" | "unreadable" | "not-compared";
                            note: string | null;
                        }[];
                    };
                };
            };
        };
    };
    postV1ApplicationsIdReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    papers: {
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Of the stroke, as the register of uses names it */
                        intent: number;
                        /** @description SHA-256 */
                        document?: string;
                        page?: number;
                        /** @description Why there is no page: required where none is named */
                        note?: string;
                    }[];
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        application: string;
                        /**
                         * @description blank: an account of blank paper; archive: stamped paper for the archive
                         * @enum {unknown}
                         */
                        kind: "blank" | "archive";
                        /** @enum {unknown} */
                        state: "open" | "owed" | "made" | "void";
                        /** @description Person */
                        applicant: number;
                        /** @description Id */
                        seal: string;
                        purpose: string;
                        due: number | null;
                        reminded: number;
                        made: number | null;
                        used: number | null;
                        unused: number | null;
                        note: string | null;
                        papers: {
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            /** @description Of the stroke, as the register of uses names it */
                            intent: number;
                            document: string | null;
                            page: number | null;
                            pageSha256: string | null;
                            photo: string | null;
                            /**
                             * @description Of the finished page with that photo
                             * @enum {unknown}
                             */
                            verdict: "same" | "different" | "unreadable" | "not-compared";
                            note: string | null;
                        }[];
                    };
                };
            };
        };
    };
    getV1Outside: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        authorities: {
                            name: string;
                            /** @enum {unknown} */
                            kind: "feishu" | "dingtalk" | "wecom";
                        }[];
                    };
                };
            };
        };
    };
    postV1OutsideNameInstances: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of the approval there: instance_code, processInstanceId, SpNo */
                    instance: string;
                    /** @description Id */
                    application: string;
                    /** @description SHA-256 */
                    content: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        authority: string;
                        /** @description Of the approval there: instance_code, processInstanceId, SpNo */
                        instance: string;
                        /** @description Id */
                        application: string;
                        verdict: ("approved" | "refused" | "taken-back") | null;
                        /** @description Unix seconds */
                        at: number;
                    };
                };
            };
        };
    };
    getV1OutsideNameEvents: {
        parameters: {
            query?: {
                msg_signature?: string;
                signature?: string;
                timestamp?: string;
                nonce?: string;
                echostr?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As that authority wants it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "text/plain": string;
                };
            };
        };
    };
    postV1OutsideNameEvents: {
        parameters: {
            query?: {
                msg_signature?: string;
                signature?: string;
                timestamp?: string;
                nonce?: string;
                echostr?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As that authority wants it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "text/plain": string;
                };
            };
        };
    };
    postV1ApplicationsIdAnswers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Eight digits that stand on the display */
                    challenge: string;
                    /** @description The number that stands below */
                    number: string;
                    /** @description Strokes; all that are granted where not said */
                    count?: number;
                    /** @description Why, where the application has had a code before */
                    reason?: string;
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Permit id
                         * @example 70707070707070707070707070707070
                         */
                        id: string;
                        code: string;
                        /** @description Id */
                        application: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        seal: string;
                        /** @description Identity of the die */
                        die: string;
                        /** @description Person */
                        person: number;
                        name: string;
                        count: number;
                        /** @description SHA-256 */
                        document: string;
                        documentCode: string;
                        /** @description Of the challenge, or serial of the trip code */
                        number: number;
                    };
                };
            };
        };
    };
    postV1ApplicationsIdTripCodes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Strokes; all that are granted where not said */
                    count?: number;
                    /** @description Why, where the application has had a code before */
                    reason?: string;
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Permit id
                         * @example 70707070707070707070707070707070
                         */
                        id: string;
                        code: string;
                        /** @description Id */
                        application: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        seal: string;
                        /** @description Identity of the die */
                        die: string;
                        /** @description Person */
                        person: number;
                        name: string;
                        count: number;
                        /** @description SHA-256 */
                        document: string;
                        documentCode: string;
                        /** @description Of the challenge, or serial of the trip code */
                        number: number;
                    };
                };
            };
        };
    };
    postV1ApplicationsIdCodesOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Eight digits that stand on the display */
                    challenge?: string;
                    /** @description The number that stands below */
                    number?: string;
                    /** @description Strokes; all that are granted where not said */
                    count?: number;
                    /** @description Why, where the application has had a code before */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        /** @description Base64 of what is signed */
                        form: string;
                        /** @description For navigator.credentials.get */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    getV1PermitsIdPhotosPhotoComparison: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Permit id
                 * @example 70707070707070707070707070707070
                 */
                id: string;
                /** @description SHA-256 */
                photo: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        verdict: "same" | "different" | "unreadable";
                        /** @description Page of the approved document, from 1 */
                        page: number | null;
                        pages: number;
                        /** @description Whether a stroke on this photo can be granted without more ado */
                        grantable: boolean;
                        objection: {
                            code: string;
                            detail: string;
                        } | null;
                        reasons: {
                            code: string;
                            text: {
                                en: string;
                                zh: string;
                            };
                        }[];
                        /** @description Boxes on the page, mm from its top left corner */
                        findings: {
                            code: string;
                            text: {
                                en: string;
                                zh: string;
                            };
                            approved: string;
                            seen?: string;
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                        elements: {
                            kind: string;
                            value: string;
                            state: string;
                            seen?: string;
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                        open: {
                            kind: string;
                            label: string;
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                        notes: {
                            code: string;
                            page: number;
                            text: {
                                en: string;
                                zh: string;
                            };
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                    };
                };
            };
        };
    };
    getV1PermitsIdPhotosPhotoComparisonPicture: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Permit id
                 * @example 70707070707070707070707070707070
                 */
                id: string;
                /** @description SHA-256 */
                photo: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
        };
    };
    getV1ApplicationsIdLive: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        steps: {
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            seq: number;
                            /** @description Unix seconds */
                            at: number;
                            time: number | null;
                            /** @enum {unknown} */
                            kind: "opened" | "photo" | "granted" | "rejected" | "intent" | "outcome" | "closed" | "refused" | "alarm";
                            permit: string | null;
                            persons: number[];
                            photo: string | null;
                            which: "before" | "after" | null;
                            /** @description The bytes of the photo are here */
                            stored: boolean;
                            code: number | null;
                        }[];
                        units: {
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            connected: boolean | null;
                            /** @description A permit of this application is in use; what the unit is at is told only then */
                            ours: boolean;
                            /** @description In use by another permit */
                            busy: boolean;
                            state: string | null;
                            lidClosed: boolean | null;
                            paper: boolean | null;
                            diePresent: boolean | null;
                        }[];
                        /** @description Whether you grant its strokes */
                        grants: boolean;
                        /** @description Whether you may say something beside it */
                        talks: boolean;
                    };
                };
            };
        };
    };
    getV1ApplicationsIdChanges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An endless stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    getV1ApplicationsIdPhotosDigestComparison: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
                /** @description SHA-256 */
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        verdict: "same" | "different" | "unreadable";
                        /** @description Page of the approved document, from 1 */
                        page: number | null;
                        pages: number;
                        /** @description Whether a stroke on this photo can be granted without more ado */
                        grantable: boolean;
                        objection: {
                            code: string;
                            detail: string;
                        } | null;
                        reasons: {
                            code: string;
                            text: {
                                en: string;
                                zh: string;
                            };
                        }[];
                        /** @description Boxes on the page, mm from its top left corner */
                        findings: {
                            code: string;
                            text: {
                                en: string;
                                zh: string;
                            };
                            approved: string;
                            seen?: string;
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                        elements: {
                            kind: string;
                            value: string;
                            state: string;
                            seen?: string;
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                        open: {
                            kind: string;
                            label: string;
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                        notes: {
                            code: string;
                            page: number;
                            text: {
                                en: string;
                                zh: string;
                            };
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                    };
                };
            };
        };
    };
    getV1ApplicationsIdPhotosDigestComparisonPicture: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
                /** @description SHA-256 */
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
        };
    };
    getV1ApplicationsIdMessages: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        messages: {
                            id: string;
                            /** @description Person */
                            person: number;
                            /** @description Unix seconds */
                            at: number;
                            text: string;
                        }[];
                    };
                };
            };
        };
    };
    postV1ApplicationsIdMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    text: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @description Person */
                        person: number;
                        /** @description Unix seconds */
                        at: number;
                        text: string;
                    };
                };
            };
        };
    };
    postV1DevicesIdCeremonies: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description finger: enrol a fingerprint (登记指纹); passcode: set a passcode (设置口令); remove: remove a person (注销人员); pair-reader: pair another fingerprint reader (配对指纹仪); handover: hand the seal over (印章移交); suspend: suspend (停用); resume: return to service (恢复使用); destroy: destroy (销毁); die-out: take a die out (取出印章); die-in: put a die in (装入印章); press: change how a die is pressed (调整压印); inked: note that a die was inked (加印油); maintain: maintenance (设备维护); take-out: take the unit out (外带); return: give the unit back (归还)
                     * @enum {unknown}
                     */
                    action: "finger" | "passcode" | "remove" | "pair-reader" | "handover" | "suspend" | "resume" | "destroy" | "die-out" | "die-in" | "press" | "inked" | "maintain" | "take-out" | "return";
                    /** @description Who must be there, and prove it; of a handover giver, receiver and witness in this order */
                    present: number[];
                    /** @description Whom it is about: to be enrolled or removed, who receives, who borrows */
                    person?: number;
                    /** @description Unix seconds from when on that person is nobody there, or the unit overdue */
                    until?: number;
                    /** @description Identity of the die */
                    die?: string;
                    press?: {
                        /** @description Milliseconds on the paper */
                        dwell: number;
                        /** @description Per cent of full drive */
                        duty: number;
                        /** @description Strokes after which it wants ink; 0: not said */
                        life: number;
                    };
                    /** @description Where the unit may be */
                    fences?: ({
                        latitude: number;
                        longitude: number;
                        radius: number;
                    } | {
                        corners: {
                            latitude: number;
                            longitude: number;
                        }[];
                    })[];
                    /** @description Seconds without the desk's time after which the unit locks itself */
                    silence?: number;
                    /** @description Seconds from its approval on in which it may be done; a day where not said */
                    lasts?: number;
                    reason: string;
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Ceremony */
                        id: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @enum {unknown} */
                        state: "asked" | "ordered" | "done" | "refused" | "revoked" | "expired";
                        /** @description SHA-256 */
                        content: string;
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Who has approved so far */
                        decided: number[];
                        /** @description Person */
                        asked: number;
                        /** @description Unix seconds */
                        created: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        record: number | null;
                        /**
                         * @description finger: enrol a fingerprint (登记指纹); passcode: set a passcode (设置口令); remove: remove a person (注销人员); pair-reader: pair another fingerprint reader (配对指纹仪); handover: hand the seal over (印章移交); suspend: suspend (停用); resume: return to service (恢复使用); destroy: destroy (销毁); die-out: take a die out (取出印章); die-in: put a die in (装入印章); press: change how a die is pressed (调整压印); inked: note that a die was inked (加印油); maintain: maintenance (设备维护); take-out: take the unit out (外带); return: give the unit back (归还)
                         * @enum {unknown}
                         */
                        action: "finger" | "passcode" | "remove" | "pair-reader" | "handover" | "suspend" | "resume" | "destroy" | "die-out" | "die-in" | "press" | "inked" | "maintain" | "take-out" | "return";
                        /** @description Who must be there, and prove it; of a handover giver, receiver and witness in this order */
                        present: number[];
                        /** @description Whom it is about: to be enrolled or removed, who receives, who borrows */
                        person?: number;
                        /** @description Unix seconds from when on that person is nobody there, or the unit overdue */
                        until?: number;
                        /** @description Identity of the die */
                        die?: string;
                        press?: {
                            /** @description Milliseconds on the paper */
                            dwell: number;
                            /** @description Per cent of full drive */
                            duty: number;
                            /** @description Strokes after which it wants ink; 0: not said */
                            life: number;
                        };
                        /** @description Where the unit may be */
                        fences?: ({
                            latitude: number;
                            longitude: number;
                            radius: number;
                        } | {
                            corners: {
                                latitude: number;
                                longitude: number;
                            }[];
                        })[];
                        /** @description Seconds without the desk's time after which the unit locks itself */
                        silence?: number;
                        /** @description Seconds from its approval on in which it may be done; a day where not said */
                        lasts?: number;
                        reason: string;
                    };
                };
            };
        };
    };
    postV1DevicesIdCeremoniesOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description finger: enrol a fingerprint (登记指纹); passcode: set a passcode (设置口令); remove: remove a person (注销人员); pair-reader: pair another fingerprint reader (配对指纹仪); handover: hand the seal over (印章移交); suspend: suspend (停用); resume: return to service (恢复使用); destroy: destroy (销毁); die-out: take a die out (取出印章); die-in: put a die in (装入印章); press: change how a die is pressed (调整压印); inked: note that a die was inked (加印油); maintain: maintenance (设备维护); take-out: take the unit out (外带); return: give the unit back (归还)
                     * @enum {unknown}
                     */
                    action: "finger" | "passcode" | "remove" | "pair-reader" | "handover" | "suspend" | "resume" | "destroy" | "die-out" | "die-in" | "press" | "inked" | "maintain" | "take-out" | "return";
                    /** @description Who must be there, and prove it; of a handover giver, receiver and witness in this order */
                    present: number[];
                    /** @description Whom it is about: to be enrolled or removed, who receives, who borrows */
                    person?: number;
                    /** @description Unix seconds from when on that person is nobody there, or the unit overdue */
                    until?: number;
                    /** @description Identity of the die */
                    die?: string;
                    press?: {
                        /** @description Milliseconds on the paper */
                        dwell: number;
                        /** @description Per cent of full drive */
                        duty: number;
                        /** @description Strokes after which it wants ink; 0: not said */
                        life: number;
                    };
                    /** @description Where the unit may be */
                    fences?: ({
                        latitude: number;
                        longitude: number;
                        radius: number;
                    } | {
                        corners: {
                            latitude: number;
                            longitude: number;
                        }[];
                    })[];
                    /** @description Seconds without the desk's time after which the unit locks itself */
                    silence?: number;
                    /** @description Seconds from its approval on in which it may be done; a day where not said */
                    lasts?: number;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        /** @description Base64 of what is signed */
                        form: string;
                        /** @description For navigator.credentials.get */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    getV1CeremoniesActions: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        actions: {
                            /** @enum {unknown} */
                            name: "finger" | "passcode" | "remove" | "pair-reader" | "handover" | "suspend" | "resume" | "destroy" | "die-out" | "die-in" | "press" | "inked" | "maintain" | "take-out" | "return";
                            /** @description Persons that must be there */
                            least: number;
                            most: number;
                            /** @description What has to be said with it */
                            needs: ("person" | "until" | "die" | "press")[];
                            /** @description What may be said with it */
                            takes: ("until" | "die" | "fences" | "silence")[];
                            /** @description Whether those who approve uses have to approve it as well */
                            approved: boolean;
                        }[];
                    };
                };
            };
        };
    };
    getV1Ceremonies: {
        parameters: {
            query?: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device?: string;
                state?: "asked" | "ordered" | "done" | "refused" | "revoked" | "expired";
                /** @description Those that wait for my decision */
                mine?: boolean;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ceremonies: {
                            /** @description Ceremony */
                            id: string;
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            /** @enum {unknown} */
                            state: "asked" | "ordered" | "done" | "refused" | "revoked" | "expired";
                            /** @description SHA-256 */
                            content: string;
                            step: number;
                            chain: number[][];
                            /** @description How many of each step must approve, in the order of the steps */
                            needs: number[];
                            /** @description Who has approved the step that is due */
                            given: {
                                /** @description Person */
                                person: number;
                                /** @description In whose place, where not for themselves */
                                behalf: number | null;
                            }[];
                            /** @description Who has approved so far */
                            decided: number[];
                            /** @description Person */
                            asked: number;
                            /** @description Unix seconds */
                            created: number;
                            /** @description When the step that is due came to its approvers */
                            since: number;
                            record: number | null;
                            /**
                             * @description finger: enrol a fingerprint (登记指纹); passcode: set a passcode (设置口令); remove: remove a person (注销人员); pair-reader: pair another fingerprint reader (配对指纹仪); handover: hand the seal over (印章移交); suspend: suspend (停用); resume: return to service (恢复使用); destroy: destroy (销毁); die-out: take a die out (取出印章); die-in: put a die in (装入印章); press: change how a die is pressed (调整压印); inked: note that a die was inked (加印油); maintain: maintenance (设备维护); take-out: take the unit out (外带); return: give the unit back (归还)
                             * @enum {unknown}
                             */
                            action: "finger" | "passcode" | "remove" | "pair-reader" | "handover" | "suspend" | "resume" | "destroy" | "die-out" | "die-in" | "press" | "inked" | "maintain" | "take-out" | "return";
                            /** @description Who must be there, and prove it; of a handover giver, receiver and witness in this order */
                            present: number[];
                            /** @description Whom it is about: to be enrolled or removed, who receives, who borrows */
                            person?: number;
                            /** @description Unix seconds from when on that person is nobody there, or the unit overdue */
                            until?: number;
                            /** @description Identity of the die */
                            die?: string;
                            press?: {
                                /** @description Milliseconds on the paper */
                                dwell: number;
                                /** @description Per cent of full drive */
                                duty: number;
                                /** @description Strokes after which it wants ink; 0: not said */
                                life: number;
                            };
                            /** @description Where the unit may be */
                            fences?: ({
                                latitude: number;
                                longitude: number;
                                radius: number;
                            } | {
                                corners: {
                                    latitude: number;
                                    longitude: number;
                                }[];
                            })[];
                            /** @description Seconds without the desk's time after which the unit locks itself */
                            silence?: number;
                            /** @description Seconds from its approval on in which it may be done; a day where not said */
                            lasts?: number;
                            reason: string;
                        }[];
                    };
                };
            };
        };
    };
    getV1CeremoniesId: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Ceremony */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Ceremony */
                        id: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @enum {unknown} */
                        state: "asked" | "ordered" | "done" | "refused" | "revoked" | "expired";
                        /** @description SHA-256 */
                        content: string;
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Who has approved so far */
                        decided: number[];
                        /** @description Person */
                        asked: number;
                        /** @description Unix seconds */
                        created: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        record: number | null;
                        /**
                         * @description finger: enrol a fingerprint (登记指纹); passcode: set a passcode (设置口令); remove: remove a person (注销人员); pair-reader: pair another fingerprint reader (配对指纹仪); handover: hand the seal over (印章移交); suspend: suspend (停用); resume: return to service (恢复使用); destroy: destroy (销毁); die-out: take a die out (取出印章); die-in: put a die in (装入印章); press: change how a die is pressed (调整压印); inked: note that a die was inked (加印油); maintain: maintenance (设备维护); take-out: take the unit out (外带); return: give the unit back (归还)
                         * @enum {unknown}
                         */
                        action: "finger" | "passcode" | "remove" | "pair-reader" | "handover" | "suspend" | "resume" | "destroy" | "die-out" | "die-in" | "press" | "inked" | "maintain" | "take-out" | "return";
                        /** @description Who must be there, and prove it; of a handover giver, receiver and witness in this order */
                        present: number[];
                        /** @description Whom it is about: to be enrolled or removed, who receives, who borrows */
                        person?: number;
                        /** @description Unix seconds from when on that person is nobody there, or the unit overdue */
                        until?: number;
                        /** @description Identity of the die */
                        die?: string;
                        press?: {
                            /** @description Milliseconds on the paper */
                            dwell: number;
                            /** @description Per cent of full drive */
                            duty: number;
                            /** @description Strokes after which it wants ink; 0: not said */
                            life: number;
                        };
                        /** @description Where the unit may be */
                        fences?: ({
                            latitude: number;
                            longitude: number;
                            radius: number;
                        } | {
                            corners: {
                                latitude: number;
                                longitude: number;
                            }[];
                        })[];
                        /** @description Seconds without the desk's time after which the unit locks itself */
                        silence?: number;
                        /** @description Seconds from its approval on in which it may be done; a day where not said */
                        lasts?: number;
                        reason: string;
                    };
                };
            };
        };
    };
    postV1CeremoniesIdApprove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Ceremony */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description SHA-256 */
                    content: string;
                    reason?: string;
                    signature?: {
                        id: string;
                        rawId: string;
                        /** @enum {string} */
                        type: "public-key";
                        clientExtensionResults: {
                            [key: string]: unknown;
                        };
                        authenticatorAttachment?: string;
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Ceremony */
                        id: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @enum {unknown} */
                        state: "asked" | "ordered" | "done" | "refused" | "revoked" | "expired";
                        /** @description SHA-256 */
                        content: string;
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Who has approved so far */
                        decided: number[];
                        /** @description Person */
                        asked: number;
                        /** @description Unix seconds */
                        created: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        record: number | null;
                        /**
                         * @description finger: enrol a fingerprint (登记指纹); passcode: set a passcode (设置口令); remove: remove a person (注销人员); pair-reader: pair another fingerprint reader (配对指纹仪); handover: hand the seal over (印章移交); suspend: suspend (停用); resume: return to service (恢复使用); destroy: destroy (销毁); die-out: take a die out (取出印章); die-in: put a die in (装入印章); press: change how a die is pressed (调整压印); inked: note that a die was inked (加印油); maintain: maintenance (设备维护); take-out: take the unit out (外带); return: give the unit back (归还)
                         * @enum {unknown}
                         */
                        action: "finger" | "passcode" | "remove" | "pair-reader" | "handover" | "suspend" | "resume" | "destroy" | "die-out" | "die-in" | "press" | "inked" | "maintain" | "take-out" | "return";
                        /** @description Who must be there, and prove it; of a handover giver, receiver and witness in this order */
                        present: number[];
                        /** @description Whom it is about: to be enrolled or removed, who receives, who borrows */
                        person?: number;
                        /** @description Unix seconds from when on that person is nobody there, or the unit overdue */
                        until?: number;
                        /** @description Identity of the die */
                        die?: string;
                        press?: {
                            /** @description Milliseconds on the paper */
                            dwell: number;
                            /** @description Per cent of full drive */
                            duty: number;
                            /** @description Strokes after which it wants ink; 0: not said */
                            life: number;
                        };
                        /** @description Where the unit may be */
                        fences?: ({
                            latitude: number;
                            longitude: number;
                            radius: number;
                        } | {
                            corners: {
                                latitude: number;
                                longitude: number;
                            }[];
                        })[];
                        /** @description Seconds without the desk's time after which the unit locks itself */
                        silence?: number;
                        /** @description Seconds from its approval on in which it may be done; a day where not said */
                        lasts?: number;
                        reason: string;
                    };
                };
            };
        };
    };
    postV1CeremoniesIdRefuse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Ceremony */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description SHA-256 */
                    content: string;
                    reason?: string;
                    signature?: {
                        id: string;
                        rawId: string;
                        /** @enum {string} */
                        type: "public-key";
                        clientExtensionResults: {
                            [key: string]: unknown;
                        };
                        authenticatorAttachment?: string;
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Ceremony */
                        id: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @enum {unknown} */
                        state: "asked" | "ordered" | "done" | "refused" | "revoked" | "expired";
                        /** @description SHA-256 */
                        content: string;
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Who has approved so far */
                        decided: number[];
                        /** @description Person */
                        asked: number;
                        /** @description Unix seconds */
                        created: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        record: number | null;
                        /**
                         * @description finger: enrol a fingerprint (登记指纹); passcode: set a passcode (设置口令); remove: remove a person (注销人员); pair-reader: pair another fingerprint reader (配对指纹仪); handover: hand the seal over (印章移交); suspend: suspend (停用); resume: return to service (恢复使用); destroy: destroy (销毁); die-out: take a die out (取出印章); die-in: put a die in (装入印章); press: change how a die is pressed (调整压印); inked: note that a die was inked (加印油); maintain: maintenance (设备维护); take-out: take the unit out (外带); return: give the unit back (归还)
                         * @enum {unknown}
                         */
                        action: "finger" | "passcode" | "remove" | "pair-reader" | "handover" | "suspend" | "resume" | "destroy" | "die-out" | "die-in" | "press" | "inked" | "maintain" | "take-out" | "return";
                        /** @description Who must be there, and prove it; of a handover giver, receiver and witness in this order */
                        present: number[];
                        /** @description Whom it is about: to be enrolled or removed, who receives, who borrows */
                        person?: number;
                        /** @description Unix seconds from when on that person is nobody there, or the unit overdue */
                        until?: number;
                        /** @description Identity of the die */
                        die?: string;
                        press?: {
                            /** @description Milliseconds on the paper */
                            dwell: number;
                            /** @description Per cent of full drive */
                            duty: number;
                            /** @description Strokes after which it wants ink; 0: not said */
                            life: number;
                        };
                        /** @description Where the unit may be */
                        fences?: ({
                            latitude: number;
                            longitude: number;
                            radius: number;
                        } | {
                            corners: {
                                latitude: number;
                                longitude: number;
                            }[];
                        })[];
                        /** @description Seconds without the desk's time after which the unit locks itself */
                        silence?: number;
                        /** @description Seconds from its approval on in which it may be done; a day where not said */
                        lasts?: number;
                        reason: string;
                    };
                };
            };
        };
    };
    postV1CeremoniesIdRevoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Ceremony */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Ceremony */
                        id: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @enum {unknown} */
                        state: "asked" | "ordered" | "done" | "refused" | "revoked" | "expired";
                        /** @description SHA-256 */
                        content: string;
                        step: number;
                        chain: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        /** @description Who has approved the step that is due */
                        given: {
                            /** @description Person */
                            person: number;
                            /** @description In whose place, where not for themselves */
                            behalf: number | null;
                        }[];
                        /** @description Who has approved so far */
                        decided: number[];
                        /** @description Person */
                        asked: number;
                        /** @description Unix seconds */
                        created: number;
                        /** @description When the step that is due came to its approvers */
                        since: number;
                        record: number | null;
                        /**
                         * @description finger: enrol a fingerprint (登记指纹); passcode: set a passcode (设置口令); remove: remove a person (注销人员); pair-reader: pair another fingerprint reader (配对指纹仪); handover: hand the seal over (印章移交); suspend: suspend (停用); resume: return to service (恢复使用); destroy: destroy (销毁); die-out: take a die out (取出印章); die-in: put a die in (装入印章); press: change how a die is pressed (调整压印); inked: note that a die was inked (加印油); maintain: maintenance (设备维护); take-out: take the unit out (外带); return: give the unit back (归还)
                         * @enum {unknown}
                         */
                        action: "finger" | "passcode" | "remove" | "pair-reader" | "handover" | "suspend" | "resume" | "destroy" | "die-out" | "die-in" | "press" | "inked" | "maintain" | "take-out" | "return";
                        /** @description Who must be there, and prove it; of a handover giver, receiver and witness in this order */
                        present: number[];
                        /** @description Whom it is about: to be enrolled or removed, who receives, who borrows */
                        person?: number;
                        /** @description Unix seconds from when on that person is nobody there, or the unit overdue */
                        until?: number;
                        /** @description Identity of the die */
                        die?: string;
                        press?: {
                            /** @description Milliseconds on the paper */
                            dwell: number;
                            /** @description Per cent of full drive */
                            duty: number;
                            /** @description Strokes after which it wants ink; 0: not said */
                            life: number;
                        };
                        /** @description Where the unit may be */
                        fences?: ({
                            latitude: number;
                            longitude: number;
                            radius: number;
                        } | {
                            corners: {
                                latitude: number;
                                longitude: number;
                            }[];
                        })[];
                        /** @description Seconds without the desk's time after which the unit locks itself */
                        silence?: number;
                        /** @description Seconds from its approval on in which it may be done; a day where not said */
                        lasts?: number;
                        reason: string;
                    };
                };
            };
        };
    };
    getV1SealsIdHistory: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        events: {
                            entry: number;
                            /** @description Unix seconds */
                            at: number;
                            what: string;
                            /** @enum {unknown} */
                            state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                            /** @description Person */
                            custodian: number;
                            by: number;
                            present: number[];
                            ceremony: string | null;
                            reason: string | null;
                            detail: {
                                /** @description Who issued the seal */
                                unit?: string;
                                scope?: string;
                                /** @description What the notice says of its use besides */
                                terms?: string;
                                /** @description From when it is used; now where not said */
                                from?: number;
                                was?: string;
                                /** @description Person */
                                person?: number;
                                /** @description Unix seconds */
                                until?: number;
                                /** @description Under which its signature is */
                                act?: string;
                            };
                        }[];
                    };
                };
            };
        };
    };
    postV1SealsIdEngrave: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                    /** @description Who approved it */
                    unit: string;
                    /** @description Number of the approval, and what was approved */
                    scope?: string;
                    /** @description When it was approved */
                    from: number;
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @enum {unknown} */
                        kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                        name: string;
                        /** @description Identity of the die */
                        die: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Person */
                        custodian: number;
                        /** @description Steps in order; in each any one decides, or as many as `needs` says */
                        approvers: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        sample: string | null;
                        /** @enum {unknown} */
                        state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                        width: number | null;
                        height: number | null;
                        pieces: number;
                        /** @description Department that issued it */
                        issuedBy: string;
                        /** @description Who received it */
                        recipient: string;
                        received: number | null;
                        /** @description What its card lacks: without it impressions are not judged after strokes */
                        lacks: ("sample" | "size")[];
                        deputy: number | null;
                        deputyUntil: number | null;
                    };
                };
            };
        };
    };
    postV1SealsIdActivate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                    /** @description Who issued the seal */
                    unit: string;
                    /** @description What it is used for: a category of its scope (GET /v1/scopes), or several with commas between them */
                    scope: string;
                    /** @description What the notice says of its use besides */
                    terms?: string;
                    /** @description From when it is used; now where not said */
                    from?: number;
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @enum {unknown} */
                        kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                        name: string;
                        /** @description Identity of the die */
                        die: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Person */
                        custodian: number;
                        /** @description Steps in order; in each any one decides, or as many as `needs` says */
                        approvers: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        sample: string | null;
                        /** @enum {unknown} */
                        state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                        width: number | null;
                        height: number | null;
                        pieces: number;
                        /** @description Department that issued it */
                        issuedBy: string;
                        /** @description Who received it */
                        recipient: string;
                        received: number | null;
                        /** @description What its card lacks: without it impressions are not judged after strokes */
                        lacks: ("sample" | "size")[];
                        deputy: number | null;
                        deputyUntil: number | null;
                    };
                };
            };
        };
    };
    postV1SealsIdChange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                    card: {
                        name?: string;
                        width?: number | null;
                        height?: number | null;
                        pieces?: number;
                        /** @description Department that issued it */
                        issuedBy?: string;
                        /** @description Who received it */
                        recipient?: string;
                        received?: number | null;
                    };
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @enum {unknown} */
                        kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                        name: string;
                        /** @description Identity of the die */
                        die: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Person */
                        custodian: number;
                        /** @description Steps in order; in each any one decides, or as many as `needs` says */
                        approvers: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        sample: string | null;
                        /** @enum {unknown} */
                        state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                        width: number | null;
                        height: number | null;
                        pieces: number;
                        /** @description Department that issued it */
                        issuedBy: string;
                        /** @description Who received it */
                        recipient: string;
                        received: number | null;
                        /** @description What its card lacks: without it impressions are not judged after strokes */
                        lacks: ("sample" | "size")[];
                        deputy: number | null;
                        deputyUntil: number | null;
                    };
                };
            };
        };
    };
    putV1SealsIdDeputy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                    deputy: {
                        /** @description Person */
                        person: number;
                        /** @description At most 92 days from now */
                        until: number;
                    } | null;
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @enum {unknown} */
                        kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                        name: string;
                        /** @description Identity of the die */
                        die: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Person */
                        custodian: number;
                        /** @description Steps in order; in each any one decides, or as many as `needs` says */
                        approvers: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        sample: string | null;
                        /** @enum {unknown} */
                        state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                        width: number | null;
                        height: number | null;
                        pieces: number;
                        /** @description Department that issued it */
                        issuedBy: string;
                        /** @description Who received it */
                        recipient: string;
                        received: number | null;
                        /** @description What its card lacks: without it impressions are not judged after strokes */
                        lacks: ("sample" | "size")[];
                        deputy: number | null;
                        deputyUntil: number | null;
                    };
                };
            };
        };
    };
    postV1SealsIdArchive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @enum {unknown} */
                        kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                        name: string;
                        /** @description Identity of the die */
                        die: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Person */
                        custodian: number;
                        /** @description Steps in order; in each any one decides, or as many as `needs` says */
                        approvers: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        sample: string | null;
                        /** @enum {unknown} */
                        state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                        width: number | null;
                        height: number | null;
                        pieces: number;
                        /** @description Department that issued it */
                        issuedBy: string;
                        /** @description Who received it */
                        recipient: string;
                        received: number | null;
                        /** @description What its card lacks: without it impressions are not judged after strokes */
                        lacks: ("sample" | "size")[];
                        deputy: number | null;
                        deputyUntil: number | null;
                    };
                };
            };
        };
    };
    postV1SealsIdDestroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                    /** @description Electronic signature, with the step that its options came with */
                    signed?: {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        signature: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            clientExtensionResults: {
                                [key: string]: unknown;
                            };
                            authenticatorAttachment?: string;
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @enum {unknown} */
                        kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                        name: string;
                        /** @description Identity of the die */
                        die: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Person */
                        custodian: number;
                        /** @description Steps in order; in each any one decides, or as many as `needs` says */
                        approvers: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        sample: string | null;
                        /** @enum {unknown} */
                        state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                        width: number | null;
                        height: number | null;
                        pieces: number;
                        /** @description Department that issued it */
                        issuedBy: string;
                        /** @description Who received it */
                        recipient: string;
                        received: number | null;
                        /** @description What its card lacks: without it impressions are not judged after strokes */
                        lacks: ("sample" | "size")[];
                        deputy: number | null;
                        deputyUntil: number | null;
                    };
                };
            };
        };
    };
    postV1SealsIdStepsOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    what: "activate";
                    reason: string;
                    /** @description Who issued the seal */
                    unit: string;
                    /** @description What it is used for: a category of its scope (GET /v1/scopes), or several with commas between them */
                    scope: string;
                    /** @description What the notice says of its use besides */
                    terms?: string;
                    /** @description From when it is used; now where not said */
                    from?: number;
                } | {
                    /** @enum {string} */
                    what: "engrave";
                    reason: string;
                    /** @description Who approved it */
                    unit: string;
                    /** @description Number of the approval, and what was approved */
                    scope?: string;
                    /** @description When it was approved */
                    from: number;
                } | {
                    /** @enum {string} */
                    what: "change";
                    reason: string;
                    card: {
                        name?: string;
                        width?: number | null;
                        height?: number | null;
                        pieces?: number;
                        /** @description Department that issued it */
                        issuedBy?: string;
                        /** @description Who received it */
                        recipient?: string;
                        received?: number | null;
                    };
                } | {
                    /** @enum {string} */
                    what: "deputy";
                    reason: string;
                    deputy: {
                        /** @description Person */
                        person: number;
                        /** @description At most 92 days from now */
                        until: number;
                    } | null;
                } | {
                    /** @enum {string} */
                    what: "archive";
                    reason: string;
                } | {
                    /** @enum {string} */
                    what: "destroy";
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description To be handed back; good for five minutes, once */
                        step: string;
                        /** @description Base64 of what is signed */
                        form: string;
                        /** @description For navigator.credentials.get */
                        options: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    getV1ApplicationsIdSheetPdf: {
        parameters: {
            query?: {
                /** @description Language; zh where not given */
                lang?: "zh" | "en";
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description PDF/A-2b */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
        };
    };
    getV1RegisterUses: {
        parameters: {
            query?: {
                search?: string;
                /** @description Id */
                application?: string;
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device?: string;
                /** @description Id */
                seal?: string;
                result?: "stamped" | "failed" | "unknown" | "pending";
                /** @description Of the impression in the photo after the stroke */
                grade?: "good" | "faint" | "incomplete" | "smeared" | "foreign" | "none";
                /** @description With device: this stroke alone */
                intent?: number;
                /** @description Unix seconds */
                from?: number;
                /** @description Unix seconds */
                until?: number;
                offset?: number;
                limit?: number;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        uses: {
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            intent: number;
                            /**
                             * @description Permit id
                             * @example 70707070707070707070707070707070
                             */
                            permit: string;
                            use: number;
                            application: string | null;
                            purpose: string | null;
                            applicant: number | null;
                            seal: string | null;
                            document: string | null;
                            charged: number;
                            time: number | null;
                            outcome: number | null;
                            result: "stamped" | "failed" | "unknown" | "pending";
                            before: string | null;
                            after: string | null;
                            beforeStored: boolean;
                            afterStored: boolean;
                            /** @description What was found in the photo after the stroke, or in those of its sheets; null: it has not been judged */
                            impression: {
                                /**
                                 * @description same: a good impression on the approved page; different: a person has to look, and there is a case; unreadable: the photo is too poor; failed: there is no verdict
                                 * @enum {unknown}
                                 */
                                verdict: "same" | "different" | "unreadable" | "failed";
                                /** @description foreign: of another seal; none: the stroke left nothing; null: the page could not be judged */
                                grade: ("good" | "faint" | "incomplete" | "smeared" | "foreign" | "none") | null;
                                /** @description Page of the approved document, from 1 */
                                page: number | null;
                                reasons: {
                                    code: string;
                                    text: {
                                        en: string;
                                        zh: string;
                                    };
                                }[];
                                /** @description Share of the relief that left ink, 0..1 */
                                completeness: number | null;
                                /** @description Ink beside the relief, 0..1 of all */
                                smear: number | null;
                                /** @description Density of the film, 0..1 */
                                ink: number | null;
                                /** @description Degrees clockwise against the sample */
                                rotation: number | null;
                                /** @description Millimetres from where it was meant to be; null: nothing was said of that */
                                off: number | null;
                                /** @description Key elements under it */
                                covers: string[];
                                /** @description Of so many sheets of a cross-page stroke, laid together; null: of one page */
                                sheets: number | null;
                                /** @description Unix seconds */
                                at: number;
                                /** @description Entry of the register */
                                entry: number;
                            } | null;
                            /** @description Over the edges of several sheets (骑缝) */
                            crossPage: boolean;
                            /** @description Photos of its sheets, set after set */
                            sheets: {
                                round: number;
                                sheet: number;
                                /** @description SHA-256 */
                                sha256: string;
                            }[];
                        }[];
                    };
                };
            };
        };
    };
    getV1RegisterEntries: {
        parameters: {
            query?: {
                from?: number;
                limit?: number;
                search?: string;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        size: number;
                        entries: {
                            number: number;
                            kind: string;
                            /** @description Unix seconds */
                            at: number;
                            /** @description Base64 of the bytes that are hashed */
                            body: string;
                            /** @description SHA-256 */
                            leaf: string;
                        }[];
                    };
                };
            };
        };
    };
    getV1RegisterRecordsDevice: {
        parameters: {
            query?: {
                from?: number;
                limit?: number;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        records: {
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            seq: number;
                            kind: string;
                            time: number | null;
                            /** @description SHA-256 */
                            sha256: string;
                            bytes: string;
                            entry: number;
                        }[];
                        /** @description Sequence number of the record expected next */
                        next: number;
                    };
                };
            };
        };
    };
    getV1PhotosDigest: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description SHA-256 */
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The photo */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
        };
    };
    getV1Checkpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A signed note */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    getV1RegisterKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        key: string;
                    };
                };
            };
        };
    };
    getV1RegisterInclusion: {
        parameters: {
            query: {
                entry: number;
                size?: number;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        size: number;
                        path: string[];
                    };
                };
            };
        };
    };
    getV1RegisterConsistency: {
        parameters: {
            query: {
                first: number;
                second?: number;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        size: number;
                        path: string[];
                        /** @description SHA-256 */
                        root: string;
                    };
                };
            };
        };
    };
    getV1RegisterUsesDeviceIntentImpression: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device: string;
                intent: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description same: a good impression on the approved page; different: a person has to look, and there is a case; unreadable: the photo is too poor; failed: there is no verdict
                         * @enum {unknown}
                         */
                        verdict: "same" | "different" | "unreadable" | "failed";
                        /** @description foreign: of another seal; none: the stroke left nothing; null: the page could not be judged */
                        grade: ("good" | "faint" | "incomplete" | "smeared" | "foreign" | "none") | null;
                        /** @description Page of the approved document, from 1 */
                        page: number | null;
                        reasons: {
                            code: string;
                            text: {
                                en: string;
                                zh: string;
                            };
                        }[];
                        /** @description Share of the relief that left ink, 0..1 */
                        completeness: number | null;
                        /** @description Ink beside the relief, 0..1 of all */
                        smear: number | null;
                        /** @description Density of the film, 0..1 */
                        ink: number | null;
                        /** @description Degrees clockwise against the sample */
                        rotation: number | null;
                        /** @description Millimetres from where it was meant to be; null: nothing was said of that */
                        off: number | null;
                        /** @description Key elements under it */
                        covers: string[];
                        /** @description Of so many sheets of a cross-page stroke, laid together; null: of one page */
                        sheets: number | null;
                        /** @description Unix seconds */
                        at: number;
                        /** @description Entry of the register */
                        entry: number;
                        /** @description SHA-256 */
                        photo: string;
                        /** @description SHA-256 */
                        sample: string;
                        /** @description SHA-256 */
                        document: string;
                        /** @description Of the rules by which it was judged */
                        version: number;
                        /**
                         * @description Whether it is the page that was photographed before the stroke
                         * @enum {unknown}
                         */
                        since: "same" | "changed" | "unknown";
                        /** @description Boxes on the page, mm from its top left corner */
                        findings: {
                            code: string;
                            text: {
                                en: string;
                                zh: string;
                            };
                            approved: string;
                            seen: string;
                            /** @description Which photo of a cross-page stroke, from 1 */
                            sheet?: number;
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                        /** @description Of this stroke, most like the sample first */
                        impressions: {
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                            centreX: number;
                            centreY: number;
                            angle: number;
                            /** @description Correlation with the sample, -1..1 */
                            likeness: number;
                            completeness: number;
                            smear: number;
                            ink: number;
                            /** @enum {unknown} */
                            grade: "good" | "faint" | "incomplete" | "smeared" | "foreign" | "none";
                            off?: number;
                            covers: {
                                kind: string;
                                value: string;
                            }[];
                        }[];
                        /** @description That the page carried before */
                        earlier: {
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                            centreX: number;
                            centreY: number;
                            angle: number;
                            /** @description Correlation with the sample, -1..1 */
                            likeness: number;
                            completeness: number;
                            smear: number;
                            ink: number;
                            /** @enum {unknown} */
                            grade: "good" | "faint" | "incomplete" | "smeared" | "foreign" | "none";
                            off?: number;
                            covers: {
                                kind: string;
                                value: string;
                            }[];
                        }[];
                        /** @description Of a cross-page stroke; its photo is the SHA-256 of the digests of its photos in order */
                        together: {
                            /** @description Which set of photos, from 1 */
                            round: number;
                            sheets: {
                                /** @description Page of the approved document that its photo shows */
                                page: number | null;
                                /** @enum {unknown} */
                                verdict: "same" | "different" | "unreadable";
                                reasons: string[];
                                /** @description Its part of the impression */
                                strip: {
                                    x: number;
                                    y: number;
                                    width: number;
                                    height: number;
                                    angle: number;
                                    likeness: number;
                                    /** @description Of the relief, 0..1 */
                                    share: number;
                                } | null;
                            }[];
                            /** @description Share of the relief that is on more than one sheet, 0..1 */
                            twice: number;
                            /** @description Pages of the document that no photo shows */
                            unseen: number[];
                        } | null;
                    };
                };
            };
        };
    };
    getV1RegisterUsesDeviceIntentImpressionPicture: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device: string;
                intent: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
        };
    };
    getV1RegisterUsesDeviceIntentComparison: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device: string;
                intent: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        verdict: "same" | "different" | "unreadable";
                        /** @description Page of the approved document, from 1 */
                        page: number | null;
                        pages: number;
                        /** @description Whether a stroke on this photo can be granted without more ado */
                        grantable: boolean;
                        objection: {
                            code: string;
                            detail: string;
                        } | null;
                        reasons: {
                            code: string;
                            text: {
                                en: string;
                                zh: string;
                            };
                        }[];
                        /** @description Boxes on the page, mm from its top left corner */
                        findings: {
                            code: string;
                            text: {
                                en: string;
                                zh: string;
                            };
                            approved: string;
                            seen?: string;
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                        elements: {
                            kind: string;
                            value: string;
                            state: string;
                            seen?: string;
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                        open: {
                            kind: string;
                            label: string;
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                        notes: {
                            code: string;
                            page: number;
                            text: {
                                en: string;
                                zh: string;
                            };
                            x: number;
                            y: number;
                            width: number;
                            height: number;
                        }[];
                    };
                };
            };
        };
    };
    getV1RegisterUsesDeviceIntentComparisonPicture: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device: string;
                intent: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
        };
    };
    getV1RegisterUsesDeviceIntentSheets: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device: string;
                intent: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        intent: number;
                        /** @description Id */
                        application: string;
                        /** @description Of the approved document */
                        pages: number;
                        /** @description The fewest sheets that the stroke can have been over: half as many as pages, printed on both sides */
                        least: number;
                        most: number;
                        sheets: number | null;
                        /** @description The set that is being handed in, or was last; 0: none yet */
                        round: number;
                        complete: boolean;
                        /** @description On that set; null: not judged */
                        verdict: ("same" | "different" | "unreadable" | "failed") | null;
                        /** @description Whether photos are taken now */
                        open: boolean;
                        /** @description The next one begins another set */
                        anew: boolean;
                        /** @description Whether who asks may hand them in */
                        mine: boolean;
                        /** @description Of all sets */
                        photos: {
                            round: number;
                            sheet: number;
                            /** @description SHA-256 */
                            sha256: string;
                            /** @description Person */
                            person: number;
                            at: number;
                            entry: number;
                        }[];
                    };
                };
            };
        };
    };
    postV1RegisterUsesDeviceIntentSheets: {
        parameters: {
            query?: {
                /** @description How many lay under the seal; as many as the document has pages where not said */
                sheets?: number;
                /** @description Begins another set where the present one is not complete */
                again?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device: string;
                intent: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        intent: number;
                        /** @description Id */
                        application: string;
                        /** @description Of the approved document */
                        pages: number;
                        /** @description The fewest sheets that the stroke can have been over: half as many as pages, printed on both sides */
                        least: number;
                        most: number;
                        sheets: number | null;
                        /** @description The set that is being handed in, or was last; 0: none yet */
                        round: number;
                        complete: boolean;
                        /** @description On that set; null: not judged */
                        verdict: ("same" | "different" | "unreadable" | "failed") | null;
                        /** @description Whether photos are taken now */
                        open: boolean;
                        /** @description The next one begins another set */
                        anew: boolean;
                        /** @description Whether who asks may hand them in */
                        mine: boolean;
                        /** @description Of all sets */
                        photos: {
                            round: number;
                            sheet: number;
                            /** @description SHA-256 */
                            sha256: string;
                            /** @description Person */
                            person: number;
                            at: number;
                            entry: number;
                        }[];
                    };
                };
            };
        };
    };
    getV1RegisterUsesDeviceIntentSheetsPicture: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device: string;
                intent: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
        };
    };
    getV1RegisterUsesDeviceIntentSheetsRoundSheet: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device: string;
                intent: number;
                round: number;
                sheet: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The photo */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                    "image/webp": string;
                };
            };
        };
    };
    getV1RegisterWitnesses: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        witnesses: {
                            name: string;
                            /** @description Its public key (C2SP tlog-cosignature, Ed25519) */
                            key: string;
                            /**
                             * @description new: not asked yet; away: does not answer, is asked again; refused: does not know this register; conflict: has cosigned a history that this register does not continue
                             * @enum {unknown}
                             */
                            state: "new" | "cosigned" | "away" | "refused" | "conflict";
                            size: number | null;
                            time: number | null;
                            /** @description Unix seconds */
                            since: number;
                            detail: string | null;
                        }[];
                    };
                };
            };
        };
    };
    getV1CheckpointCosigned: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A signed note with cosignatures */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    postV1RegisterUsesDeviceIntentReceipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device: string;
                intent: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Receipt */
                        id: string;
                        /** @description Its page; null where publicUrl is not configured */
                        url: string | null;
                    };
                };
            };
        };
    };
    getV1ReceiptsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Receipt */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The receipt */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
        };
    };
    getV1ReceiptsIdQrSvg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Receipt */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The code */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
        };
    };
    getRId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Receipt */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    getV1RegisterUsesCsv: {
        parameters: {
            query?: {
                /** @description Unix seconds */
                from?: number;
                /** @description Unix seconds */
                until?: number;
                /** @description Id */
                seal?: string;
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device?: string;
                search?: string;
                /** @description Language; zh where not given */
                lang?: "zh" | "en";
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description UTF-8 with a byte order mark */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    getV1RegisterUsesXlsx: {
        parameters: {
            query?: {
                /** @description Unix seconds */
                from?: number;
                /** @description Unix seconds */
                until?: number;
                /** @description Id */
                seal?: string;
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device?: string;
                search?: string;
                /** @description Language; zh where not given */
                lang?: "zh" | "en";
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workbook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
        };
    };
    getV1RegisterStatistics: {
        parameters: {
            query?: {
                /** @description Unix seconds */
                from?: number;
                /** @description Unix seconds */
                until?: number;
                /** @description Id */
                seal?: string;
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device?: string;
                search?: string;
                /** @description Language; zh where not given */
                lang?: "zh" | "en";
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: {
                            stamped: number;
                            failed: number;
                            unknown: number;
                            pending: number;
                        };
                        /** @description The hundred largest; months in order. Departments are those of today */
                        by: {
                            seal: {
                                /** @description '' where it is not known */
                                name: string;
                                stamped: number;
                                failed: number;
                                unknown: number;
                                pending: number;
                            }[];
                            department: {
                                /** @description '' where it is not known */
                                name: string;
                                stamped: number;
                                failed: number;
                                unknown: number;
                                pending: number;
                            }[];
                            category: {
                                /** @description '' where it is not known */
                                name: string;
                                stamped: number;
                                failed: number;
                                unknown: number;
                                pending: number;
                            }[];
                            purpose: {
                                /** @description '' where it is not known */
                                name: string;
                                stamped: number;
                                failed: number;
                                unknown: number;
                                pending: number;
                            }[];
                            month: {
                                /** @description '' where it is not known */
                                name: string;
                                stamped: number;
                                failed: number;
                                unknown: number;
                                pending: number;
                            }[];
                        };
                        /** @description Unused: of those that are over */
                        permits: {
                            issued: number;
                            unused: number;
                            strokes: number;
                            strokesUnused: number;
                        };
                        /** @description By what became of them */
                        applications: {
                            [key: string]: number;
                        };
                        /** @description What was refused, by reason; a ceremony is of no one seal */
                        refusals: {
                            /** @description By the reason that people gave; the hundred most frequent. page: the page in the tray was rejected */
                            people: {
                                /** @enum {unknown} */
                                matter: "application" | "ceremony" | "top-up" | "page";
                                reason: string;
                                count: number;
                            }[];
                            /** @description By units themselves */
                            units: {
                                /** @description RefusalCode (protocol/SPEC.md section 9) */
                                code: number;
                                count: number;
                            }[];
                        };
                    };
                };
            };
        };
    };
    getV1RegisterUsesPdf: {
        parameters: {
            query?: {
                /** @description Unix seconds */
                from?: number;
                /** @description Unix seconds */
                until?: number;
                /** @description Id */
                seal?: string;
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                device?: string;
                search?: string;
                /** @description Language; zh where not given */
                lang?: "zh" | "en";
                /** @description With each stroke's photos */
                pictures?: boolean;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description PDF/A-2b */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
        };
    };
    getV1SealsIdHistoryEntryNoticePdf: {
        parameters: {
            query?: {
                /** @description Language; zh where not given */
                lang?: "zh" | "en";
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
                entry: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description PDF/A-2b */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
        };
    };
    getV1SealsIdSample: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The impression */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
        };
    };
    putV1SealsIdSample: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @enum {unknown} */
                        kind: "company" | "department" | "contract" | "finance" | "legal-representative";
                        name: string;
                        /** @description Identity of the die */
                        die: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @description Person */
                        custodian: number;
                        /** @description Steps in order; in each any one decides, or as many as `needs` says */
                        approvers: number[][];
                        /** @description How many of each step must approve, in the order of the steps */
                        needs: number[];
                        sample: string | null;
                        /** @enum {unknown} */
                        state: "received" | "active" | "suspended" | "removed" | "archived" | "destroyed";
                        width: number | null;
                        height: number | null;
                        pieces: number;
                        /** @description Department that issued it */
                        issuedBy: string;
                        /** @description Who received it */
                        recipient: string;
                        received: number | null;
                        /** @description What its card lacks: without it impressions are not judged after strokes */
                        lacks: ("sample" | "size")[];
                        deputy: number | null;
                        deputyUntil: number | null;
                    };
                };
            };
        };
    };
    getV1Bridges: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bridges: {
                            name: string;
                            at: number | null;
                            error: string | null;
                        }[];
                    };
                };
            };
        };
    };
    getV1DevicesIdState: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        connected: boolean;
                        seen: number | null;
                        firmware: string | null;
                        /** @description Nothing is taken from it until a person has looked at it */
                        quarantined: boolean;
                        state: string | null;
                        service: string | null;
                        custody: string | null;
                        permit: string | null;
                        time: number | null;
                        batteryMv: number | null;
                        journalFree: number | null;
                        photoFree: number | null;
                        strokesInked: number | null;
                        inkLife: number | null;
                        due: number | null;
                        nextSeq: number | null;
                        ackedSeq: number | null;
                        ceremony: number | null;
                        usb: boolean | null;
                        lidClosed: boolean | null;
                        paper: boolean | null;
                        diePresent: boolean | null;
                        boltClosed: boolean | null;
                        /** @description Conditions that lock it */
                        alarms: number[];
                        place: {
                            latitude: number;
                            longitude: number;
                            /** @description Metres */
                            accuracy: number;
                            /** @description Seconds */
                            age: number;
                        } | null;
                    };
                };
            };
        };
    };
    getV1Cases: {
        parameters: {
            query?: {
                open?: boolean;
            };
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        cases: {
                            /** @description Case */
                            id: string;
                            /**
                             * @description Device id
                             * @example 00112233445566aa
                             */
                            device: string;
                            /** @enum {unknown} */
                            kind: "malformed" | "bad-mac" | "gap" | "fork" | "foreign" | "behind" | "photo-wrong" | "photo-late" | "photo-gone" | "unknown-outcome" | "alarm" | "permit-refused" | "statement-refused" | "foreign-permit" | "foreign-ceremony" | "restored" | "unanswered" | "paper-owed" | "paper-differs" | "witness-conflict" | "witness-away" | "register-differs" | "impression";
                            seq: number | null;
                            detail: {
                                [key: string]: string | number;
                            };
                            /** @description Unix seconds */
                            opened: number;
                            closed: {
                                /** @description Person */
                                person: number;
                                reason: string;
                                /** @description Unix seconds */
                                at: number;
                            } | null;
                        }[];
                    };
                };
            };
        };
    };
    postV1CasesIdClose: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Case */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Case */
                        id: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @enum {unknown} */
                        kind: "malformed" | "bad-mac" | "gap" | "fork" | "foreign" | "behind" | "photo-wrong" | "photo-late" | "photo-gone" | "unknown-outcome" | "alarm" | "permit-refused" | "statement-refused" | "foreign-permit" | "foreign-ceremony" | "restored" | "unanswered" | "paper-owed" | "paper-differs" | "witness-conflict" | "witness-away" | "register-differs" | "impression";
                        seq: number | null;
                        detail: {
                            [key: string]: string | number;
                        };
                        /** @description Unix seconds */
                        opened: number;
                        closed: {
                            /** @description Person */
                            person: number;
                            reason: string;
                            /** @description Unix seconds */
                            at: number;
                        } | null;
                    };
                };
            };
        };
    };
    postV1CasesIdClear: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Case */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Taken; it is carried out later */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Case */
                        id: string;
                        /**
                         * @description Device id
                         * @example 00112233445566aa
                         */
                        device: string;
                        /** @enum {unknown} */
                        kind: "malformed" | "bad-mac" | "gap" | "fork" | "foreign" | "behind" | "photo-wrong" | "photo-late" | "photo-gone" | "unknown-outcome" | "alarm" | "permit-refused" | "statement-refused" | "foreign-permit" | "foreign-ceremony" | "restored" | "unanswered" | "paper-owed" | "paper-differs" | "witness-conflict" | "witness-away" | "register-differs" | "impression";
                        seq: number | null;
                        detail: {
                            [key: string]: string | number;
                        };
                        /** @description Unix seconds */
                        opened: number;
                        closed: {
                            /** @description Person */
                            person: number;
                            reason: string;
                            /** @description Unix seconds */
                            at: number;
                        } | null;
                    };
                };
            };
        };
    };
    getV1DevicesIdPlaces: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        spots: {
                            seq: number;
                            time: number | null;
                            latitude: number;
                            longitude: number;
                            /** @description Metres */
                            accuracy: number;
                        }[];
                        permitted: {
                            why: "permit" | "take-out";
                            /** @description The application, or the ceremony */
                            subject: string;
                            fence: {
                                latitude: number;
                                longitude: number;
                                radius: number;
                            } | {
                                corners: {
                                    latitude: number;
                                    longitude: number;
                                }[];
                            };
                        }[];
                        outing: {
                            /** @description Person */
                            borrower: number;
                            /** @description Unix seconds */
                            until: number;
                            ceremony: string;
                        } | null;
                    };
                };
            };
        };
    };
    getV1DevicesIdLease: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        lease: {
                            /** @description Person */
                            person: number;
                            /** @description Unix seconds */
                            until: number;
                        } | null;
                    };
                };
            };
        };
    };
    postV1DevicesIdLease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    seconds: number;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Person */
                        person: number;
                        /** @description Unix seconds */
                        until: number;
                    };
                };
            };
        };
    };
    postV1DevicesIdLeaseEnd: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        lease: {
                            /** @description Person */
                            person: number;
                            /** @description Unix seconds */
                            until: number;
                        } | null;
                    };
                };
            };
        };
    };
    getV1DevicesIdUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        /** @description waiting, erasing, sending, checking, restarting, done, failed */
                        state: string;
                        percent: number;
                        code: string | null;
                    };
                };
            };
        };
    };
    postV1DevicesIdUpdate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Device id
                 * @example 00112233445566aa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken; it is carried out later */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        /** @description waiting, erasing, sending, checking, restarting, done, failed */
                        state: string;
                        percent: number;
                        code: string | null;
                    };
                };
            };
        };
    };
    getV1Push: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of an answer that you have */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description For PushManager.subscribe (RFC 8292); null: not configured */
                        key: string | null;
                        subscriptions: {
                            id: string;
                            agent: string;
                            /** @description Unix seconds */
                            created: number;
                        }[];
                    };
                };
            };
        };
    };
    postV1PushSubscriptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description As PushSubscription.toJSON() has it; https, at a public address */
                    endpoint: string;
                    keys: {
                        p256dh: string;
                        auth: string;
                    };
                    /** @enum {unknown} */
                    language: "zh" | "en";
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                    };
                };
            };
        };
    };
    deleteV1PushSubscriptionsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        removed: string;
                    };
                };
            };
        };
    };
    postV1Archive: {
        parameters: {
            query?: {
                /** @description With printed copies of this year, in the company's time zone: the register of uses, and a sheet for each use, as PDF/A */
                copies?: number;
                /** @description Language of the copies; zh where not given */
                lang?: "zh" | "en";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-tar": string;
                };
            };
        };
    };
    followEvents: {
        parameters: {
            query?: {
                /** @description Like Last-Event-ID; 0: everything kept. Without either, from now on. */
                after?: number;
            };
            header?: {
                /** @description Id of the last event that you have: everything behind it comes */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An endless stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
}
