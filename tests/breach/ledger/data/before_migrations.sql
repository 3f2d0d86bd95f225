-- A ledger as it was written before there were migrations; every row is invented. Loaded by test_migrations.py.
BEGIN TRANSACTION;
CREATE TABLE alerts (
	case_id VARCHAR(60) NOT NULL,
	alert_key VARCHAR(200) NOT NULL,
	first_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (case_id, alert_key)
);
INSERT INTO "alerts" VALUES('rehearsal-harbor','gate-content','2026-11-09T08:00:00.000000+00:00');
CREATE TABLE approvals (
	id INTEGER NOT NULL,
	gate VARCHAR(60) NOT NULL,
	case_id VARCHAR(60) NOT NULL,
	basis_hash VARCHAR(64) NOT NULL,
	approver VARCHAR(60) NOT NULL,
	code_step BIGINT NOT NULL,
	decision VARCHAR(60) NOT NULL,
	reason TEXT NOT NULL,
	decided_at VARCHAR(32) NOT NULL,
	run_id VARCHAR(60) NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT one_code_one_decision UNIQUE (approver, code_step),
	CONSTRAINT one_decision_for_one_basis UNIQUE (case_id, gate, basis_hash)
);
INSERT INTO "approvals" VALUES(1,'content','rehearsal-harbor','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','mira',59000000,'approve','read and right','2026-11-09T08:00:00.000000+00:00','run-1');
INSERT INTO "approvals" VALUES(2,'sending','rehearsal-harbor','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','jo',59000001,'approve','read and right','2026-11-09T08:00:00.000000+00:00','run-1');
CREATE TABLE attempts (
	attempt_id VARCHAR(200) NOT NULL,
	chunk_id INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	claimed_at VARCHAR(32) NOT NULL,
	requested_at VARCHAR(32),
	finished_at VARCHAR(32),
	provider_ref VARCHAR(200) NOT NULL,
	PRIMARY KEY (attempt_id),
	FOREIGN KEY(chunk_id) REFERENCES chunks (id)
);
INSERT INTO "attempts" VALUES('w0-1',1,1,'2026-11-09T08:00:00.000000+00:00','2026-11-09T08:00:00.000000+00:00','2026-11-09T08:00:00.000000+00:00','ref-0');
INSERT INTO "attempts" VALUES('w1-1',2,1,'2026-11-09T08:30:00.000000+00:00','2026-11-09T08:30:00.000000+00:00','2026-11-09T08:30:00.000001+00:00','ref-1');
INSERT INTO "attempts" VALUES('w1-2',3,1,'2026-11-09T08:30:00.000000+00:00','2026-11-09T08:30:00.000000+00:00',NULL,'');
INSERT INTO "attempts" VALUES('w1-3',4,1,'2026-11-09T08:30:00.000000+00:00',NULL,NULL,'');
CREATE TABLE case_leases (
	case_id VARCHAR(60) NOT NULL,
	holder VARCHAR(200) NOT NULL,
	epoch INTEGER NOT NULL,
	expires_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (case_id)
);
INSERT INTO "case_leases" VALUES('rehearsal-harbor','run-1',1,'2026-11-09T08:01:00.000000+00:00');
CREATE TABLE children (
	case_id VARCHAR(60) NOT NULL,
	stage VARCHAR(60) NOT NULL,
	hash12 VARCHAR(12) NOT NULL,
	attempt INTEGER NOT NULL,
	run_id VARCHAR(60) NOT NULL,
	recorded_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (case_id, stage, hash12, attempt)
);
INSERT INTO "children" VALUES('rehearsal-harbor','send-wave','abcabcabcabc',1,'run-2','2026-11-09T08:00:00.000000+00:00');
CREATE TABLE chunks (
	id INTEGER NOT NULL,
	message_id INTEGER NOT NULL,
	wave_id INTEGER NOT NULL,
	group_id INTEGER NOT NULL,
	n INTEGER NOT NULL,
	variant VARCHAR(100) NOT NULL,
	"key" VARCHAR(200) NOT NULL,
	digest VARCHAR(64) NOT NULL,
	recipients INTEGER NOT NULL,
	members INTEGER NOT NULL,
	state VARCHAR(20) NOT NULL,
	attempt_id VARCHAR(200),
	attempts INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	requested_at VARCHAR(32),
	finished_at VARCHAR(32),
	accepted INTEGER NOT NULL,
	rejected INTEGER NOT NULL,
	proven BOOLEAN NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT one_chunk_of_one_number UNIQUE (message_id, n),
	FOREIGN KEY(message_id) REFERENCES messages (id),
	FOREIGN KEY(wave_id) REFERENCES waves (id),
	FOREIGN KEY(group_id) REFERENCES groups (id)
);
INSERT INTO "chunks" VALUES(1,1,1,1,0,'notice-en-default','waves/aaaaaaaaaaaa/chunks/00000.parquet','0000000000000000000000000000000000000000000000000000000000000000',2,2,'accepted','w0-1',1,1,'2026-11-09T08:00:00.000000+00:00','2026-11-09T08:00:00.000000+00:00',1,1,0,'');
INSERT INTO "chunks" VALUES(2,1,2,2,1,'notice-en-default','waves/aaaaaaaaaaaa/chunks/00001.parquet','1111111111111111111111111111111111111111111111111111111111111111',2,2,'accepted','w1-1',1,1,'2026-11-09T08:30:00.000000+00:00','2026-11-09T08:30:00.000001+00:00',2,0,1,'');
INSERT INTO "chunks" VALUES(3,1,2,2,2,'notice-en-default','waves/aaaaaaaaaaaa/chunks/00002.parquet','2222222222222222222222222222222222222222222222222222222222222222',2,2,'in doubt','w1-2',1,1,'2026-11-09T08:30:00.000000+00:00',NULL,0,0,0,'no answer, 2026-11-09T08:30:00+00:00');
INSERT INTO "chunks" VALUES(4,1,2,2,3,'notice-en-default','waves/aaaaaaaaaaaa/chunks/00003.parquet','3333333333333333333333333333333333333333333333333333333333333333',2,2,'claimed','w1-3',1,1,NULL,NULL,0,0,0,'');
INSERT INTO "chunks" VALUES(5,1,2,2,4,'notice-en-default','waves/aaaaaaaaaaaa/chunks/00004.parquet','4444444444444444444444444444444444444444444444444444444444444444',2,2,'planned',NULL,0,0,NULL,NULL,0,0,0,'');
CREATE TABLE gate_attempts (
	case_id VARCHAR(60) NOT NULL,
	gate VARCHAR(60) NOT NULL,
	basis_hash VARCHAR(64) NOT NULL,
	n INTEGER NOT NULL,
	outcome VARCHAR(200) NOT NULL,
	at VARCHAR(32) NOT NULL,
	run_id VARCHAR(60) NOT NULL,
	PRIMARY KEY (case_id, gate, basis_hash, n)
);
INSERT INTO "gate_attempts" VALUES('rehearsal-harbor','content','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,'wrong code','2026-11-09T08:00:00.000000+00:00','run-1');
CREATE TABLE groups (
	id INTEGER NOT NULL,
	wave_id INTEGER NOT NULL,
	n INTEGER NOT NULL,
	batch_id VARCHAR(200) NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT one_group_of_one_number UNIQUE (wave_id, n),
	FOREIGN KEY(wave_id) REFERENCES waves (id)
);
INSERT INTO "groups" VALUES(1,1,0,'');
INSERT INTO "groups" VALUES(2,2,0,'');
CREATE TABLE halts (
	id INTEGER NOT NULL,
	case_id VARCHAR(60) NOT NULL,
	halted_by VARCHAR(60) NOT NULL,
	reason TEXT NOT NULL,
	halted_at VARCHAR(32) NOT NULL,
	lifted_by VARCHAR(60),
	lift_reason TEXT,
	lifted_at VARCHAR(32),
	PRIMARY KEY (id)
);
INSERT INTO "halts" VALUES(1,'rehearsal-harbor','mira','wrong date','2026-11-09T08:30:00.000000+00:00','jo','the date is right','2026-11-09T08:30:00.000000+00:00');
CREATE TABLE heads (
	case_id VARCHAR(60) NOT NULL,
	kind VARCHAR(20) NOT NULL,
	n INTEGER NOT NULL,
	digest VARCHAR(64) NOT NULL,
	recorded_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (case_id, kind, n)
);
INSERT INTO "heads" VALUES('rehearsal-harbor','chronology',1,'1111111111111111111111111111111111111111111111111111111111111111','2026-11-09T08:00:00.000000+00:00');
INSERT INTO "heads" VALUES('rehearsal-harbor','dossier',1,'2222222222222222222222222222222222222222222222222222222222222222','2026-11-09T08:00:00.000000+00:00');
CREATE TABLE messages (
	id INTEGER NOT NULL,
	case_id VARCHAR(60) NOT NULL,
	message VARCHAR(60) NOT NULL,
	basis_hash VARCHAR(64) NOT NULL,
	plan_key VARCHAR(200) NOT NULL,
	observe_minutes INTEGER NOT NULL,
	planned_at VARCHAR(32) NOT NULL,
	superseded_at VARCHAR(32),
	changes INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT one_plan_for_one_basis UNIQUE (case_id, message, basis_hash)
);
INSERT INTO "messages" VALUES(1,'rehearsal-harbor','notice','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','waves/aaaaaaaaaaaa/plan.json',30,'2026-11-09T08:00:00.000000+00:00',NULL,2);
CREATE TABLE outcomes (
	chunk_id INTEGER NOT NULL,
	token VARCHAR(26) NOT NULL,
	state VARCHAR(20) NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (chunk_id, token),
	FOREIGN KEY(chunk_id) REFERENCES chunks (id)
);
INSERT INTO "outcomes" VALUES(1,'bbbbbbbbbbbbbbbbbbbbbbbbbb','rejected','refused');
CREATE TABLE schema_versions (
	version INTEGER NOT NULL,
	PRIMARY KEY (version)
);
INSERT INTO "schema_versions" VALUES(1);
CREATE TABLE waves (
	id INTEGER NOT NULL,
	message_id INTEGER NOT NULL,
	n INTEGER NOT NULL,
	name VARCHAR(20) NOT NULL,
	holder VARCHAR(200) NOT NULL,
	epoch INTEGER NOT NULL,
	lease_seconds INTEGER NOT NULL,
	expires_at VARCHAR(32),
	opened_at VARCHAR(32),
	closed_at VARCHAR(32),
	next_at VARCHAR(32),
	PRIMARY KEY (id),
	CONSTRAINT one_wave_of_one_number UNIQUE (message_id, n),
	FOREIGN KEY(message_id) REFERENCES messages (id)
);
INSERT INTO "waves" VALUES(1,1,0,'canary','run-2',1,60,'2026-11-09T08:00:00.000000+00:00','2026-11-09T08:00:00.000000+00:00','2026-11-09T08:00:00.000000+00:00','2026-11-09T08:30:00.000000+00:00');
INSERT INTO "waves" VALUES(2,1,1,'rest','run-3',1,60,'2026-11-09T08:31:00.000000+00:00','2026-11-09T08:30:00.000000+00:00',NULL,NULL);
CREATE INDEX ix_halts_case_id ON halts (case_id);
CREATE INDEX chunks_by_wave_and_state ON chunks (wave_id, state, n);
CREATE INDEX ix_attempts_chunk_id ON attempts (chunk_id);
COMMIT;
