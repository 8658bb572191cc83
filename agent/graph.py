"""The picture of a turn: one run takes a message to the next thing said."""

from langgraph.graph import START, StateGraph

from agent.assisting import assist
from agent.deps import Deps
from agent.moving import close, move
from agent.nodes import Turn, listen, open_interview, welcome
from agent.probing import adapt, grade
from agent.rounds import reply, tally


def build_graph() -> StateGraph[Turn, Deps, Turn, Turn]:
    """The graph of one turn, to be compiled by the caller; nothing is connected here."""
    graph = StateGraph[Turn, Deps, Turn, Turn](Turn, context_schema=Deps)
    graph.add_node("open", open_interview)
    for node in (listen, assist, welcome, grade, adapt, tally, reply, move, close):
        graph.add_node(node.__name__, node)
    graph.add_conditional_edges(START, _begin, ["open", "listen"])
    return graph


def _begin(state: Turn) -> str:
    return "open" if state["message"]["action"] == "open" else "listen"


if __name__ == "__main__":
    print(build_graph().compile().get_graph().draw_mermaid())
