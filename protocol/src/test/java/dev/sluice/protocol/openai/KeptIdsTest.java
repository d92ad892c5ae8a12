package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Splice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids are written in capitals where they are replaced. */
class KeptIdsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':'file-a', 'object':'file'} | {'id':'FILE-A', 'object':'file'}",
                "{ 'object' : 'batch' , 'id' : 'b' , 'input_file_id':'i','output_file_id':null,'error_file_id':'e','errors':{'id':'x'}}"
                        + " | { 'object' : 'batch' , 'id' : 'B' , 'input_file_id':'I','output_file_id':null,'error_file_id':'E','errors':{'id':'x'}}",
                "{'object':'list','data':[{'id':'a'},{'id':'b','metadata':{'id':'m'}}],'first_id':'a','last_id':'b'}"
                        + " | {'object':'list','data':[{'id':'A'},{'id':'B','metadata':{'id':'m'}}],'first_id':'A','last_id':'B'}",
                "{'id':'r','previous_response_id':'p','conversation':{'id':'c'},'output':[{'id':'msg','call_id':'c'}]}"
                        + " | {'id':'R','previous_response_id':'P','conversation':{'id':'C'},'output':[{'id':'msg','call_id':'c'}]}",
                "{'total':2,'items':[{'id':'a','items':[{'id':'x'}]},{'id':'b'}]} | {'total':2,'items':[{'id':'A','items':[{'id':'x'}]},{'id':'B'}]}",
                "{'id':'v','remixed_from_video_id':'o'} | {'id':'V','remixed_from_video_id':'O'}",
                "{'i\\u0064':'a'} | {'i\\u0064':'A'}",
                "{'request_id':'q','output':{'task_id':'t','task_status':'PENDING'}} | {'request_id':'q','output':{'task_id':'T','task_status':'PENDING'}}",
                "{'id':7,'data':{'id':'a'}} | {'id':7,'data':{'id':'a'}}",
                "{'id':'r','output':[{'id':'msg','content':[{'text':'file_id','annotations':[{'type':'file_citation','file_id':'f'},{'container_id':'c','file_id':'g'}]}]}]}"
                        + " | {'id':'R','output':[{'id':'msg','content':[{'text':'file_id','annotations':[{'type':'file_citation','file_id':'F'},{'container_id':'C','file_id':'G'}]}]}]}",
                "{'output':[{'id':'ci','container_id':'c','results':[{'file_id':'f'}]}],'tools':[{'vector_store_ids':['v'],'container':'k'},{'container':{'file_ids':['f']}}]}"
                        + " | {'output':[{'id':'ci','container_id':'C','results':[{'file_id':'F'}]}],'tools':[{'vector_store_ids':['V'],'container':'K'},{'container':{'file_ids':['F']}}]}",
                "{'id':'u','object':'upload','file':{'id':'f'}} | {'id':'U','object':'upload','file':{'id':'F'}}",
                "{'id':'p','upload_id':'u'} | {'id':'P','upload_id':'U'}",
                "{'id':'v','object':'vector_store','file_counts':{'total':1},'metadata':{'id':'m'},'expires_after':null}"
                        + " | {'id':'V','object':'vector_store','file_counts':{'total':1},'metadata':{'id':'m'},'expires_after':null}",
                "{'id':'f','vector_store_id':'v','attributes':{'file_id':'f'}} | {'id':'F','vector_store_id':'V','attributes':{'file_id':'f'}}",
                "{'search_query':['id'],'data':[{'file_id':'f','attributes':{'id':'x'},'content':[{'text':'f'}]}],'next_page':'p'}"
                        + " | {'search_query':['id'],'data':[{'file_id':'F','attributes':{'id':'x'},'content':[{'text':'f'}]}],'next_page':'p'}",
                "{'id':'c','container_id':'k','file_ids':['f',null]} | {'id':'C','container_id':'K','file_ids':['F',null]}",
                "{'id':'j','training_file':'t','validation_file':null,'result_files':['r'],'fine_tuned_model':'ft:m:id'}"
                        + " | {'id':'J','training_file':'T','validation_file':null,'result_files':['R'],'fine_tuned_model':'ft:m:id'}",
                "{'data':[{'id':'k','fine_tuning_job_id':'j'}]} | {'data':[{'id':'K','fine_tuning_job_id':'J'}]}",
                "['id'] | ['id']",
            })
    void findsThingsAndTheirReferencesInAnswers(String answer, String expected) {
        byte[] json = answer.replace('\'', '"').getBytes(UTF_8);
        byte[] replaced = Splice.apply(json, KeptIds.inAnswer(json, KeptIdsTest::capitals));
        assertThat(new String(replaced, UTF_8)).isEqualTo(expected.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'m','previous_response_id':'r'} | {'model':'m','previous_response_id':'R'}",
                "{'conversation':'c','input':'previous_response_id'} | {'conversation':'C','input':'previous_response_id'}",
                "{'input':[{'content':[{'type':'input_file','file_id':'f'},{'type':'text','text':'t'}]}]}"
                        + " | {'input':[{'content':[{'type':'input_file','file_id':'F'},{'type':'text','text':'t'}]}]}",
                "{'tools':[{'container':{'file_ids':['a','b']}}]} | {'tools':[{'container':{'file_ids':['A','B']}}]}",
                "{'input_file_id':'f','metadata':{'file_id':'f'}} | {'input_file_id':'F','metadata':{'file_id':'f'}}",
                "{'video':{'id':'v'}} | {'video':{'id':'V'}}",
                "{'requests':[{'custom_id':'a','params':{'file_id':'f'}}]} | {'requests':[{'custom_id':'a','params':{'file_id':'F'}}]}",
                "{'tools':[{'container':'c'}]} | {'tools':[{'container':'C'}]}",
                "{'part_ids':['a','b'],'md5':'a'} | {'part_ids':['A','B'],'md5':'a'}",
                "{'training_file':'t','validation_file':'v','suffix':'id'} | {'training_file':'T','validation_file':'V','suffix':'id'}",
                "{'file_id':{'type':'string'},'n_ids':[1,true,null]} | {'file_id':{'type':'string'},'n_ids':[1,true,null]}",
            })
    void findsReferencesInRequests(String request, String expected) {
        byte[] json = request.replace('\'', '"').getBytes(UTF_8);
        byte[] replaced = Splice.apply(json, KeptIds.inRequest(json, KeptIdsTest::capitals));
        assertThat(new String(replaced, UTF_8)).isEqualTo(expected.replace('\'', '"'));
    }

    @Test
    void findsTheResponseInAnEvent() {
        byte[] stream =
                "xxevent: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"output\":[]}}\n\n"
                        .getBytes(UTF_8);
        byte[] replaced = Splice.apply(stream, KeptIds.inEvent(stream, 2, stream.length, KeptIdsTest::capitals));
        assertThat(new String(replaced, UTF_8)).isEqualTo(new String(stream, UTF_8).replace("\"r\"", "\"R\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'item_id':'m','annotation':{'type':'file_path','file_id':'f'}} | {'item_id':'m','annotation':{'type':'file_path','file_id':'F'}}",
                "{'part':{'annotations':[{'file_id':'f','container_id':'c'}]}} | {'part':{'annotations':[{'file_id':'F','container_id':'C'}]}}",
                "{'item':{'id':'i','container_id':'c'}} | {'item':{'id':'i','container_id':'C'}}",
            })
    void findsTheFilesThatPartsOfAnEventReferTo(String event, String expected) {
        byte[] bytes = ("data: " + event.replace('\'', '"') + "\n\n").getBytes(UTF_8);
        byte[] replaced = Splice.apply(bytes, KeptIds.inEvent(bytes, 0, bytes.length, KeptIdsTest::capitals));
        assertThat(new String(replaced, UTF_8)).isEqualTo("data: " + expected.replace('\'', '"') + "\n\n");
    }

    @Test
    void findsReferencesOfPartsWithoutIdsOfTheirOwn() {
        byte[] json = "{'object':'list','data':[{'id':'msg','content':[{'file_id':'f'}]}],'first_id':'msg'}"
                .replace('\'', '"')
                .getBytes(UTF_8);
        byte[] replaced = Splice.apply(json, KeptIds.inParts(json, KeptIdsTest::capitals));
        assertThat(new String(replaced, UTF_8)).isEqualTo(new String(json, UTF_8).replace("\"f\"", "\"F\""));
    }

    @ParameterizedTest
    @CsvSource({
        "file_id, true",
        "file_ids[], true",
        "input_reference, true",
        "input_reference[file_id], true",
        "id, true",
        "custom_id, false",
        "file, false",
        "idea, false",
        "metadata[user], false"
    })
    void knowsTheFieldsOfFormsThatNameThings(String name, boolean names) {
        assertThat(KeptIds.isIdField(name)).isEqualTo(names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"type\":\"response.output_text.delta\",\"item_id\":\"a\",\"delta\":\"id\"}\n\n",
                "data: {\"response\":{\"id\":\"a\"\n\n",
                "data: {\"response\":\ndata: {\"id\":\"a\"}}\n\n",
                "data: {\"delta\":\"\\\"response\\\":{\\\"id\\\":\\\"a\\\"}\"}\n\n",
                ": \"response\"\n\n",
                "data: [DONE]\n\n",
            })
    void leavesOtherEventsAlone(String event) {
        byte[] bytes = event.getBytes(UTF_8);
        assertThat(KeptIds.inEvent(bytes, 0, bytes.length, KeptIdsTest::capitals))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"id\":\"a\"", "{\"id\":\"a\"} x", "no json"})
    void aBrokenDocumentHasNoEdits(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        assertThat(KeptIds.inAnswer(bytes, KeptIdsTest::capitals)).isEmpty();
        assertThat(KeptIds.inRequest(bytes, KeptIdsTest::capitals)).isEmpty();
    }

    private static String capitals(String id) {
        return id.toUpperCase(java.util.Locale.ROOT);
    }
}
