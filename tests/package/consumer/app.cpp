#include "protocols/greeting.hpp"

#include "parley/protocols/model/endpoint.hpp"
#include "parley/protocols/model/spsc_queue.hpp"

#include <cstdio>

namespace greeting = parley::protocols::greeting;

/// Both parties in one thread: what counts here is that production code compiles and runs.
int main() {
    using greeting::Guest;
    using greeting::Host;
    parley::model::SpscQueue<Host::Outbox> to_guest{4};
    parley::model::SpscQueue<Guest::Outbox> to_host{4};
    parley::model::Endpoint<Host::Outbox, Host::Inbox> at_host{to_guest, to_host};
    parley::model::Endpoint<Guest::Outbox, Guest::Inbox> at_guest{to_host, to_guest};
    Host host;
    Guest guest;
    const bool is_said = host.send_hello(at_host) && at_guest.poll(guest, 1) == 1 &&
                         guest.send_hi(at_guest) && at_host.poll(host, 1) == 1;
    std::puts(is_said && host.may_stop() && guest.may_stop() ? "greeted" : "not greeted");
    return is_said ? 0 : 1;
}
