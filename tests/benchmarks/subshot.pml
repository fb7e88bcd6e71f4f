/* The counted model `subshot` for Spin: a subscription beside SLOTS one-shots, each used once, over
 * two queues of K messages. Each step is a d_step, so that a state is what it is for explore. */
#define SLOTS 3
#define NOTES 4

#define SUBSCRIBE 1
#define UNSUBSCRIBE 2
#define ARM 3
#define CANCEL 4
#define NOTE 5
#define ACKNOWLEDGE 6
#define FIRED 7
#define CANCELLED 8

chan to_server = [K] of { byte, byte };
chan to_client = [K] of { byte, byte };

#define ASK(i)                                                                                 \
    :: d_step { shot[i] == 0 && !used[i] && nfull(to_server) ->                                \
                to_server!ARM, i * 16; shot[i] = 1 }                                           \
    :: d_step { shot[i] == 1 && nfull(to_server) -> to_server!CANCEL, i * 16; shot[i] = 2 }

#define ANSWER(i)                                                                              \
    :: d_step { shot[i] == 1 && nfull(to_client) -> to_client!FIRED, i * 16; shot[i] = 0 }     \
    :: d_step { shot[i] == 2 && nfull(to_client) -> to_client!CANCELLED, i * 16; shot[i] = 0 }

active proctype client() {
    byte place, sessions, expected, tag, value;
    byte shot[SLOTS], used[SLOTS];
    xs to_server;
    xr to_client;
    do
    :: d_step { place == 0 && sessions == 0 && nfull(to_server) ->
                to_server!SUBSCRIBE, sessions; place = 1; expected = 0 }
    :: d_step { place == 1 && nfull(to_server) -> to_server!UNSUBSCRIBE, sessions; place = 2 }
    ASK(0)
    ASK(1)
    ASK(2)
    :: d_step { to_client?tag, value ->
           if
           :: tag == NOTE ->
              assert(place != 0 && value == expected);
              expected = (expected + 1) % NOTES
           :: tag == ACKNOWLEDGE ->
              assert(place == 2 && value == sessions);
              sessions++; place = 0; expected = 0
           :: tag == FIRED ->
              assert(shot[value / 16] != 0 && used[value / 16] == value % 16);
              shot[value / 16] = 0; used[value / 16]++
           :: tag == CANCELLED ->
              assert(shot[value / 16] == 2 && used[value / 16] == value % 16);
              shot[value / 16] = 0; used[value / 16]++
           :: else -> assert(false)
           fi; tag = 0; value = 0 }
    :: place == 0 && sessions == 1 && used[0] && !shot[0] && used[1] && !shot[1] &&
       used[2] && !shot[2] -> break
    od;
end_client:
    false
}

active proctype server() {
    byte place, next, tag, value;
    byte shot[SLOTS];
    xr to_server;
    xs to_client;
end_server:
    do
    :: d_step { place == 1 && nfull(to_client) -> to_client!NOTE, next; next = (next + 1) % NOTES }
    :: d_step { place >= 2 && nfull(to_client) ->
                to_client!ACKNOWLEDGE, place - 2; place = 0; next = 0 }
    ANSWER(0)
    ANSWER(1)
    ANSWER(2)
    :: d_step { to_server?tag, value ->
           if
           :: tag == SUBSCRIBE -> assert(place == 0); place = 1
           :: tag == UNSUBSCRIBE -> assert(place == 1); place = 2 + value
           :: tag == ARM -> assert(shot[value / 16] == 0); shot[value / 16] = 1
           :: tag == CANCEL ->
              if
              :: shot[value / 16] == 1 -> shot[value / 16] = 2
              :: else -> skip
              fi
           :: else -> assert(false)
           fi; tag = 0; value = 0 }
    od
}
