"""Run by Alembic, on the connection that `api.migrate` hands over."""

from alembic import context

from api.tables import interviews

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=interviews.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
