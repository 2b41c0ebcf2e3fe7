"""Which of two members is the quicker leaves no trace: acknowledgements enter in rounds."""

from typing import TYPE_CHECKING

from recording_emulator.testing import Emulator

if TYPE_CHECKING:
    from tests.wire.conftest import Raw, Raws


def acknowledge(client: "Raw", seq: int) -> None:
    client.send({"jsonrpc": "2.0", "method": "ack", "params": {"seq": seq}})


def hear(clients: list["Raw"], order: list["Raw"]) -> list[int]:
    """Let each client hear its next event; they acknowledge in this order.

    The server has taken one acknowledgement in before the next is sent.
    """
    heard = {id(each): each.receive()["params"]["seq"] for each in clients}
    for each in order:
        acknowledge(each, heard[id(each)])
        if each is not order[-1]:
            assert each.ask("nothing")["error"]["code"] == -32601
    return list(heard.values())


def journal(server: Emulator, raw: "Raws", quicker: int) -> bytes:
    """Two members join, one says three things at once; one always acknowledges first."""
    tenant = server.tenant("twins", replace=True)
    toy = tenant.vendor("toy")
    pair = [raw(tenant, ack="1"), raw(tenant, ack="1")]
    order = pair if quicker == 0 else pair[::-1]
    pair[0].ask("join")
    hear(pair[:1], pair[:1])
    toy.settle()
    pair[1].ask("join")
    heard = [hear(pair, order)]
    toy.settle()
    pair[0].ask("say", text="many", times=3)
    heard += [hear(pair, order) for _ in range(3)]
    toy.settle()
    assert heard == [[2, 1], [3, 2], [4, 3], [5, 4]]
    return toy.canonical_journal()


def test_the_order_in_which_two_members_acknowledge_leaves_no_trace(
    toy_server: Emulator, raw: "Raws"
) -> None:
    first, second = journal(toy_server, raw, 0), journal(toy_server, raw, 1)

    assert first == second
    assert first.count(b'"accepted"') == 9


def test_an_event_for_a_member_that_is_idle_does_not_wait_for_the_round(
    toy_server: Emulator, raw: "Raws"
) -> None:
    tenant = toy_server.tenant("twins", replace=True)
    alice, bob = raw(tenant, ack="1"), raw(tenant, ack="1")
    alice.ask("join")
    assert alice.receive()["params"]["seq"] == 1

    bob.ask("join")

    assert bob.receive()["params"]["seq"] == 1  # alice has not acknowledged anything yet
    acknowledge(bob, 1)
    acknowledge(alice, 1)
    assert alice.receive()["params"]["seq"] == 2
    acknowledge(alice, 2)
