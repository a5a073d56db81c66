"""Shared steps, files of flows, healings and imports; results say where their step is written."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column(
            "report", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "groups", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "flow_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user.id"],
            name=op.f("fk_import_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_import_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_created_at"), ["created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_import_created_by_id"), ["created_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_import_project_id"), ["project_id"], unique=False)

    op.create_table(
        "flow_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("flow_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["flow_id"], ["flow.id"], name=op.f("fk_flow_file_flow_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_flow_file_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_flow_file_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_file")),
        sa.UniqueConstraint("flow_id", "name", name=op.f("uq_flow_file_flow_id_name")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("flow_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flow_file_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_flow_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "flow_use",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("flow_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["flow_id"], ["flow.id"], name=op.f("fk_flow_use_flow_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_flow_use_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["uses_id"], ["flow.id"], name=op.f("fk_flow_use_uses_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_use")),
        sa.UniqueConstraint("flow_id", "uses_id", name=op.f("uq_flow_use_flow_id_uses_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("flow_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flow_use_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_flow_use_uses_id"), ["uses_id"], unique=False)

    op.create_table(
        "healing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("flow_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step_uid", sa.String(length=64), nullable=False),
        sa.Column("candidates", sa.String(length=64), nullable=False),
        sa.Column(
            "proposed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["flow_id"], ["flow.id"], name=op.f("fk_healing_flow_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_healing_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_healing_run_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_healing")),
        sa.UniqueConstraint(
            "flow_id", "step_uid", "candidates", name=op.f("uq_healing_flow_id_step_uid_candidates")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("healing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_healing_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_healing_run_id"), ["run_id"], unique=False)

    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_degraded", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("step_result", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("place", sa.String(length=60), nullable=True))
        batch_op.add_column(
            sa.Column("on_failure", sa.String(length=10), server_default="stop", nullable=False)
        )
        batch_op.add_column(sa.Column("healed", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "notes",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default=sa.text("'[]'"),
                nullable=False,
            )
        )
        batch_op.alter_column(
            "parent_uid",
            existing_type=sa.VARCHAR(length=40),
            type_=sa.String(length=64),
            existing_nullable=True,
        )
        batch_op.alter_column(
            "step_uid",
            existing_type=sa.VARCHAR(length=40),
            type_=sa.String(length=64),
            existing_nullable=False,
        )

    # Until now a step was played once, in the order in which it is written.
    op.execute("UPDATE step_result SET position = ordinal, place = CAST(number AS VARCHAR(60))")
    with op.batch_alter_table("step_result", schema=None) as batch_op:
        batch_op.alter_column("position", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("place", existing_type=sa.String(length=60), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("step_result", schema=None) as batch_op:
        batch_op.alter_column(
            "step_uid",
            existing_type=sa.String(length=64),
            type_=sa.VARCHAR(length=40),
            existing_nullable=False,
        )
        batch_op.alter_column(
            "parent_uid",
            existing_type=sa.String(length=64),
            type_=sa.VARCHAR(length=40),
            existing_nullable=True,
        )
        batch_op.drop_column("notes")
        batch_op.drop_column("healed")
        batch_op.drop_column("on_failure")
        batch_op.drop_column("place")
        batch_op.drop_column("position")

    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_column("is_degraded")

    with op.batch_alter_table("healing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_healing_run_id"))
        batch_op.drop_index(batch_op.f("ix_healing_project_id"))

    op.drop_table("healing")
    with op.batch_alter_table("flow_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flow_use_uses_id"))
        batch_op.drop_index(batch_op.f("ix_flow_use_project_id"))

    op.drop_table("flow_use")
    with op.batch_alter_table("flow_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flow_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_flow_file_project_id"))

    op.drop_table("flow_file")
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_project_id"))
        batch_op.drop_index(batch_op.f("ix_import_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_import_created_at"))

    op.drop_table("import")
